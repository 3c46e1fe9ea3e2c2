.PHONY: test-stack
test-stack:
	@node_modules/.bin/node libs/local-stack/src/cli.ts test-stack
