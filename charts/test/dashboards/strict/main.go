// Reads dashboards as Grafana's own SDK knows them, and prints what is wrong with each file: fields that nothing knows, wrong types,
// and values that are not allowed. It fails when there is anything.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func main() {
	// Options of panels and keys of queries are looked at only where their plugin is known.
	plugins.RegisterDefaultPlugins()
	failed := false
	for _, file := range os.Args[1:] {
		if err := check(file); err != nil {
			failed = true
			fmt.Printf("%s: %s\n", file, err)
		}
	}
	if failed {
		os.Exit(1)
	}
}

func check(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	read := dashboard.Dashboard{}
	if err := unlessEmpty(read.UnmarshalJSONStrict(text)); err != nil {
		return err
	}
	return unlessEmpty(read.Validate())
}

// The SDK returns a list of errors also when it is empty, which is not nil as an error.
func unlessEmpty(err error) error {
	var list cog.BuildErrors
	if errors.As(err, &list) && len(list) == 0 {
		return nil
	}
	return err
}
