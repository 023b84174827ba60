package main

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAUsedPortLeavesNoDataFolderBehind(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	data := filepath.Join(t.TempDir(), "data")
	cmd := newServe()
	cmd.Flags().String("config", "", "") // that of the root
	cmd.SetArgs([]string{"--listen", ln.Addr().String(), "--data", data})
	if err := cmd.ExecuteContext(t.Context()); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("a data folder was made")
	}
}
