// Command antequem lines up dated images of one place and says between which two
// dates a visible change appeared, and so which assertions about its date the
// imagery supports, contradicts or leaves open.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(run()) }

// run is main with an exit status, so that tests can call it in their own process.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := newRoot().ExecuteContext(ctx)
	if err != nil && !isQuiet(err) {
		fmt.Fprintln(os.Stderr, "antequem:", oneLine(err))
	}
	return exitStatus(err)
}
