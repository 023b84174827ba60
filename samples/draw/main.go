// Draw draws the pictures of the training case into the folder given: what
// `make samples` runs, so that samples/training/case.yaml can be judged.
package main

import (
	"fmt"
	"os"

	"github.com/antequem/antequem/samples"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: draw DIR")
		os.Exit(2)
	}
	if err := samples.Draw(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
