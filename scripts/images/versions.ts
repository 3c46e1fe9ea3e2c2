/** Built from the Go module proxy, which checks them against the checksum database. */
export const composeLoader = 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2'
