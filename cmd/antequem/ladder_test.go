package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/antequem/antequem"

// ladder gives every package of the module its rung. A package imports lower
// rungs only, so no circle can form and rooms on one rung never know each other.
var ladder = map[string]int{
	"imagery/raster/vector": -1,

	"imagery/edtf":   0,
	"imagery/raster": 0,
	"imagery/geo":    0,
	"imagery/sqlite": 0,

	"imagery": 1,

	"imagery/decode":   2,
	"imagery/encode":   2,
	"imagery/casefile": 2,
	"imagery/pack":     2,
	"imagery/stamp":    2,
	"compare":          2,
	"samples/synth":    2,

	"imagery/archive":         3,
	"imagery/stamp/stamptest": 3,
	"compare/agreement":       3,
	"compare/align":           3,
	"compare/radiometry":      3,
	"compare/change":          3,
	"compare/exposure":        3,
	"compare/timeline":        3,
	"compare/verdict":         3,
	"compare/overlay":         3,
	"server/web":              3,
	"server/web/build":        3,
	"server/web/webtest":      3,
	"samples":                 3,

	"imagery/ingest":   4,
	"imagery/evidence": 4,
	"compare/assess":   4,
	"samples/draw":     4,

	"server/metrics": 4,
	"server/people":  4,
	"server/resume":  4,

	"server/page":     5,
	"server/workshop": 5,

	"server/typed": 6,
	"server/views": 6,
	"server/jobs":  6,

	"cmd/antequem/internal/batch":  6,
	"cmd/antequem/internal/remote": 6,

	"server": 7,

	"cmd/antequem": 8,
}

// keepers says where alone, tests included, a library may be imported that
// would otherwise spread.
var keepers = map[string]string{
	"github.com/labstack/echo":      "server",
	"github.com/danielgtaylor/huma": "server",
	"github.com/spf13/viper":        "cmd",
	"github.com/spf13/cobra":        "cmd",
	"github.com/riverqueue/river":   "server cmd",
	"database/sql":                  "imagery/archive imagery/sqlite server cmd",
}

// pure lists the rooms that take values and return values. They see no file,
// no network, no clock, no log and no randomness but what Options seeds.
var pure = []string{"imagery/edtf", "imagery/raster", "imagery/geo", "compare", "samples/synth"}

var impureImports = []string{
	"database/sql", "io/ioutil", "log", "log/slog", "math/rand", "crypto/rand",
	"net", "net/http", "os", "os/exec", "os/signal", "path/filepath", "syscall", "C",
}

// impureCalls names what a pure room may not use of a package it may import.
// math/rand/v2 is left with its seeded sources.
var impureCalls = map[string]func(name string) bool{
	"time": func(n string) bool {
		return slices.Contains([]string{"Now", "Since", "Until", "After", "AfterFunc", "Sleep", "Tick", "NewTimer", "NewTicker", "Local"}, n)
	},
	"math/rand/v2": func(n string) bool {
		return !slices.Contains([]string{"New", "NewPCG", "NewChaCha8", "NewZipf", "Rand", "PCG", "ChaCha8", "Source", "Zipf"}, n)
	},
}

func TestAPackageImportsLowerRungsOnly(t *testing.T) {
	for _, f := range sources(t) {
		rung, known := ladder[f.pkg]
		if !known {
			t.Errorf("%s: package %s has no rung: give it a line in the ladder", f.name, f.pkg)
			continue
		}
		if f.test {
			continue // a test looks at its package from outside and may stand higher
		}
		for _, imp := range f.imports() {
			low, ours := strings.CutPrefix(imp, module+"/")
			if !ours {
				continue
			}
			if r, ok := ladder[low]; !ok {
				t.Errorf("%s imports %s, which has no rung", f.name, low)
			} else if r >= rung {
				t.Errorf("%s: %s stands on rung %d and imports %s on rung %d", f.name, f.pkg, rung, low, r)
			}
		}
	}
}

func TestALibraryStaysWithItsKeeper(t *testing.T) {
	for _, f := range sources(t) {
		for _, imp := range f.imports() {
			for lib, homes := range keepers {
				if within(imp, lib) && !slices.ContainsFunc(strings.Fields(homes), func(h string) bool { return within(f.pkg, h) }) {
					t.Errorf("%s imports %s, which is kept in %s", f.name, imp, homes)
				}
			}
		}
	}
}

func TestPureRoomsSeeNoFileClockNetworkOrChance(t *testing.T) {
	for _, f := range sources(t) {
		if f.test || !slices.ContainsFunc(pure, func(p string) bool { return within(f.pkg, p) }) {
			continue
		}
		for _, imp := range f.imports() {
			if slices.Contains(impureImports, imp) {
				t.Errorf("%s: %s is pure and imports %s", f.name, f.pkg, imp)
			}
		}
		for _, use := range f.impureUses() {
			t.Errorf("%s: %s is pure and uses %s", f.name, f.pkg, use)
		}
	}
}

func TestTheTopLevelHoldsWhatWasAskedForAndNothingElse(t *testing.T) {
	allowed := []string{"cmd", "imagery", "compare", "server", "samples", "config.yaml", "go.mod", "go.sum", "README.md", "LICENSE", "Makefile"}
	cmd := exec.Command("git", "ls-files", "-z")
	cmd.Dir = root(t)
	out, err := cmd.Output()
	if err != nil {
		t.Logf("git ls-files: %v: reading the folder instead, less what git would ignore", err)
		out = topLevel(t)
	}
	for _, name := range bytes.Split(bytes.TrimRight(out, "\x00"), []byte{0}) {
		top, _, _ := strings.Cut(string(name), "/")
		if !strings.HasPrefix(top, ".") && !slices.Contains(allowed, top) {
			t.Errorf("%s: only %s and dot-files stand at the top level", name, strings.Join(allowed, ", "))
		}
	}
}

// topLevel lists the top level where there is no git to ask, each name ended by NUL.
func topLevel(t *testing.T) []byte {
	t.Helper()
	entries, err := os.ReadDir(root(t))
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, e := range entries {
		if !slices.Contains([]string{"bin", "data", "coverage.out"}, e.Name()) {
			out = append(append(out, e.Name()...), 0)
		}
	}
	return out
}

// A source is one parsed Go file of the module.
type source struct {
	name string // slash-separated, from the module's root
	pkg  string // its folder
	test bool
	file *ast.File
}

func (s source) imports() []string {
	var out []string
	for _, i := range s.file.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err == nil {
			out = append(out, p)
		}
	}
	return out
}

// impureUses returns each selector of s that impureCalls forbids, as "time.Now".
func (s source) impureUses() []string {
	local := map[string]string{} // name in the file → import path
	for _, i := range s.file.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil || impureCalls[p] == nil {
			continue
		}
		name := path.Base(strings.TrimSuffix(p, "/v2"))
		if i.Name != nil {
			name = i.Name.Name
		}
		local[name] = p
	}
	var out []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && local[x.Name] != "" && impureCalls[local[x.Name]](sel.Sel.Name) {
			out = append(out, local[x.Name]+"."+sel.Sel.Name)
		}
		return true
	})
	return out
}

// sources parses every Go file of the module.
func sources(t *testing.T) []source {
	t.Helper()
	dir, fset := root(t), token.NewFileSet()
	var out []source
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if n := d.Name(); p != dir && (strings.HasPrefix(n, ".") || n == "testdata" || n == "node_modules" || n == "data" || n == "bin") {
				return filepath.SkipDir
			}
			return nil
		}
		if path.Ext(p) != ".go" {
			return nil
		}
		rel, err := filepath.Rel(dir, p)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, p, nil, parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("parse: %w", err)
		}
		rel = filepath.ToSlash(rel)
		out = append(out, source{name: rel, pkg: path.Dir(rel), test: strings.HasSuffix(rel, "_test.go"), file: file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) == 0 {
		t.Fatalf("no Go file under %s", dir)
	}
	return out
}

// root returns the folder that holds go.mod.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		_, err := os.Stat(filepath.Join(dir, "go.mod"))
		if err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if !errors.Is(err, fs.ErrNotExist) || up == dir {
			t.Fatalf("no go.mod above the test: %v", err)
		}
		dir = up
	}
}

// within says whether the import path p is base or lies below it; a major
// version ("/v4") counts as below.
func within(p, base string) bool { return p == base || strings.HasPrefix(p, base+"/") }
