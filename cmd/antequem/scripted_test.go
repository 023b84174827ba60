package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery/decode"
	"github.com/antequem/antequem/server/web/webtest"
	"golang.org/x/net/html"
)

// evil is what is written into every field of a case, leak what a file says of itself.
const (
	evil = `=1+1'"><pwn pwn="1" onmouseover=alert(1)><img src=x onerror=alert(1)></textarea></title></style><script>alert(1)</script><!--{{7*7}}`
	leak = "exifleak\x1b[31m\u009b31m\"><script>alert(1)</script>%s%n"
)

// withWords puts texts with that keyword and value behind the header of a PNG.
func withWords(data []byte, keyword, value string) []byte {
	text := []byte("tEXt" + keyword + "\x00" + value)
	const header = 33 // signature and IHDR
	out := binary.BigEndian.AppendUint32(bytes.Clone(data[:header]), uint32(len(text)-4))
	out = binary.BigEndian.AppendUint32(append(out, text...), crc32.ChecksumIEEE(text))
	return append(out, data[header:]...)
}

// A pack of a case full of script holds none that runs, and nothing of what its files
// say of themselves, unless that was asked for.
func TestAPackOfACaseFullOfScriptIsHarmless(t *testing.T) {
	dir := t.TempDir()
	pics := testPictures()
	name := "=1+1'&lt;pwn pwn='1'.png" // packs take no other marks in names
	files := map[string][]byte{name: pics["before.png"], "after.png": withWords(pics["after.png"], "Author", leak)}
	claim := func(id string, more map[string]any) map[string]any {
		out := map[string]any{"id": id, "text": evil, "claimant": evil, "source": "javascript:alert(1)//" + evil, "region": evil}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	about := func(file, acquired string) map[string]any {
		return map[string]any{"file": file, "acquired": acquired, "basis": "inferred", "source": "https://example.org/" + evil, "publisher": evil, "licence": evil, "sensor": evil, "notes": evil}
	}
	text, err := json.Marshal(map[string]any{
		"title": evil, "summary": evil, "look_for": []string{evil}, "location": map[string]any{"name": evil, "slug": "pwn"},
		"images":  []any{about(name, "2015-10-15"), about("after.png", "2016-04-29")},
		"regions": []any{map[string]any{"name": evil, "image": name, "polygon": [][2]int{{165, 140}, {255, 140}, {255, 200}, {165, 200}}}},
		"claims":  []any{claim("struck", map[string]any{"changed": "2016"}), claim("same", map[string]any{"same": []string{name, "after.png"}}), claim("who", map[string]any{"untestable": evil})},
	})
	if err != nil {
		t.Fatal(err)
	}
	files["case.yaml"] = text
	for n, data := range files {
		if err := os.WriteFile(filepath.Join(dir, n), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "a.zip")
	var said bytes.Buffer
	if err := packCase(t.Context(), &said, defaultSettings(), packOptions{out: out, casePath: filepath.Join(dir, "case.yaml")}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsFunc(strings.ReplaceAll(said.String(), "\n", ""), unicode.IsControl) {
		t.Errorf("said: %q", said.String())
	}
	p, err := openPack(out)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	drawings := 0
	for _, n := range p.Names() {
		data, err := p.Read(n)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte("exifleak")) {
			t.Errorf("%s tells what a file says of itself", n)
		}
		switch filepath.Ext(n) {
		case ".html":
			harmlessPage(t, n, data)
		case ".svg":
			drawings++
			webtest.HarmlessDrawing(t, n, data)
		case ".json":
			if !json.Valid(data) {
				t.Errorf("%s is no JSON", n)
			}
		}
	}
	if drawings == 0 || !slices.Contains(p.Names(), resultsFolder+reportHTML) {
		t.Errorf("little was looked at: %v", p.Names())
	}
}

// harmlessPage looks for elements and attributes that no report has; it runs what its
// policy names by digest and nothing else.
func harmlessPage(t *testing.T, where string, data []byte) {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	scripts := 0
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "script" {
			scripts++
		}
		if slices.Contains([]string{"pwn", "iframe", "object", "embed", "base"}, n.Data) {
			t.Errorf("%s holds <%s>", where, n.Data)
		}
		for _, a := range n.Attr {
			value := strings.ToLower(strings.TrimSpace(a.Val))
			if a.Key == "pwn" || strings.HasPrefix(a.Key, "on") || a.Key == "srcdoc" || strings.HasPrefix(value, "javascript:") && a.Key == "href" || value == "x" && a.Key == "src" {
				t.Errorf("%s: <%s %s=%q>", where, n.Data, a.Key, a.Val)
			}
		}
	}
	if scripts > 1 {
		t.Errorf("%s holds %d scripts", where, scripts)
	}
}

// What a file says of itself reaches a terminal as plain words.
func TestInfoTellsATerminalNothingButWords(t *testing.T) {
	for _, data := range [][]byte{
		withWords(testPictures()["before.png"], "Author", leak),
		withWords(testPictures()["before.png"], "%s%d\x1b]0;pwn\x07\u009b", "exifleak"),
	} {
		info, err := decode.Stat(data, decode.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := printInfo(&out, info); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		if !strings.Contains(text, "exifleak") || strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), unicode.IsControl) || strings.Contains(text, "%!") {
			t.Errorf("%q", text)
		}
	}
}

// A case that a stranger wrote moves no cursor.
func TestAJudgementTellsATerminalNothingButWords(t *testing.T) {
	const escape = "\x1b]0;pwn\x07\u009b31m\r\x08"
	r := assess.Report{
		Title: "A dam" + escape, Reference: "a.png" + escape, Cautions: []string{"x" + escape},
		Images: []assess.ImageReport{{File: "a.png" + escape, Why: escape}},
		Claims: []assess.ClaimReport{{ID: "a", Text: "words" + escape, Claimant: escape, Source: escape, Why: escape, Verdict: "supported"}},
	}
	var out bytes.Buffer
	if err := printReport(&out, r); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); !strings.Contains(text, "A dam") || !strings.Contains(text, "words") ||
		strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
		t.Errorf("%q", text)
	}
}
