package pack

import (
	"archive/zip"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/antequem/antequem/imagery"
)

// maxTag is how many bytes a tag file may have: the manifest of 100,000 long names.
const maxTag = 128 << 20

// A Pack is one that is open for reading.
type Pack struct {
	Name     string // of its folder
	Info     []Line // bag-info.txt
	Withheld []Withheld

	r     io.ReaderAt
	size  int64
	files map[string]*zip.File // by name below the folder
	sums  map[string]imagery.Digest
	tags  map[string]imagery.Digest
}

// Open reads the lists of a pack of size bytes and refuses one that isn't safe to
// unpack or isn't laid out as a pack. Digests are checked by Verify, and by whoever reads a file.
func Open(r io.ReaderAt, size int64, lim Limits) (*Pack, error) {
	p := &Pack{r: r, size: size, files: map[string]*zip.File{}}
	if err := p.open(lim); err != nil {
		return nil, fmt.Errorf("open pack: %w", err)
	}
	return p, nil
}

func (p *Pack) open(lim Limits) error {
	z, err := zip.NewReader(p.r, p.size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return fmt.Errorf("%w: %w", imagery.ErrCorrupt, err)
	}
	if err := p.takeFiles(z.File, lim); err != nil {
		return err
	}
	if err := apart(z.File, p.size); err != nil {
		return err
	}
	text, err := p.tagFile(bagitTxt)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(text, "BagIt-Version: 1.0\n") && !strings.HasPrefix(text, "BagIt-Version: 0.97\n") {
		return fmt.Errorf("%s: not a version of BagIt that is read here: %w", bagitTxt, imagery.ErrUnsupported)
	}
	return p.readTags()
}

// takeFiles looks at every entry before anything is read.
func (p *Pack) takeFiles(entries []*zip.File, lim Limits) error {
	if len(entries) > lim.MaxFiles {
		return fmt.Errorf("%d files: %w", len(entries), imagery.ErrTooLarge)
	}
	seen := names{}
	var total uint64
	for _, f := range entries {
		if total += f.UncompressedSize64; f.UncompressedSize64 > uint64(lim.MaxBytes) || total > uint64(lim.MaxBytes) {
			return fmt.Errorf("more than %d bytes when unpacked: %w", lim.MaxBytes, imagery.ErrTooLarge)
		}
		name, folder := strings.CutSuffix(f.Name, "/")
		if err := checkName(name); err != nil {
			return err
		}
		top, rest, _ := strings.Cut(name, "/")
		if p.Name == "" {
			p.Name = top
		}
		switch {
		case top != p.Name:
			return fmt.Errorf("%q lies outside the folder %q: %w", name, p.Name, imagery.ErrInvalid)
		case folder && f.UncompressedSize64 == 0:
			continue
		case folder || rest == "" || !f.Mode().IsRegular():
			return fmt.Errorf("%q is no ordinary file: %w", name, imagery.ErrInvalid)
		case f.Flags&1 != 0:
			return fmt.Errorf("%q is encrypted: %w", name, imagery.ErrUnsupported)
		case f.Method != zip.Store && f.Method != zip.Deflate:
			return fmt.Errorf("%q is compressed by method %d: %w", name, f.Method, imagery.ErrUnsupported)
		}
		if err := seen.add(rest); err != nil {
			return err
		}
		p.files[rest] = f
	}
	return nil
}

// apart refuses entries that lie on top of one another, by which a small ZIP can
// claim any size.
func apart(entries []*zip.File, size int64) error {
	type span struct{ from, to int64 }
	var spans []span
	for _, f := range entries {
		from, err := f.DataOffset()
		if err != nil {
			return fmt.Errorf("%w: %w", imagery.ErrCorrupt, err)
		}
		if f.CompressedSize64 > uint64(size-from) {
			return fmt.Errorf("%q is cut off: %w", f.Name, imagery.ErrCorrupt)
		}
		spans = append(spans, span{from, from + int64(f.CompressedSize64)})
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return fmt.Errorf("files lie on top of one another: %w", imagery.ErrCorrupt)
		}
	}
	return nil
}

func (p *Pack) readTags() (err error) {
	manifest, err := p.tagFile(manifestTxt)
	if err != nil {
		return err
	}
	if p.sums, err = readManifest(manifestTxt, manifest); err != nil {
		return err
	}
	for name := range p.sums {
		if !strings.HasPrefix(name, payload) {
			return fmt.Errorf("%s: %q is not of the payload: %w", manifestTxt, name, imagery.ErrCorrupt)
		}
	}
	tags, err := p.tagFile(tagsTxt)
	if err != nil {
		return err
	}
	if p.tags, err = readManifest(tagsTxt, tags); err != nil {
		return err
	}
	if _, ok := p.files[infoTxt]; ok {
		info, err := p.tagFile(infoTxt)
		if err != nil {
			return err
		}
		p.Info = readInfo(info)
	}
	if _, ok := p.files[fetchTxt]; ok {
		fetch, err := p.tagFile(fetchTxt)
		if err != nil {
			return err
		}
		return p.readFetch(fetch)
	}
	return nil
}

// tagFile returns the text of a tag file. Line ends of other systems are allowed.
func (p *Pack) tagFile(name string) (string, error) {
	f := p.files[name]
	if f == nil {
		return "", fmt.Errorf("no %s, so it is no pack: %w", name, imagery.ErrCorrupt)
	}
	if f.UncompressedSize64 > maxTag {
		return "", fmt.Errorf("%s has %d bytes: %w", name, f.UncompressedSize64, imagery.ErrTooLarge)
	}
	b, err := readAll(f)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(b)), nil
}

func readAll(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", imagery.ErrCorrupt, err)
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, int64(f.UncompressedSize64)+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", imagery.ErrCorrupt, err)
	}
	if uint64(len(b)) != f.UncompressedSize64 {
		return nil, fmt.Errorf("%d bytes, not the %d it says: %w", len(b), f.UncompressedSize64, imagery.ErrCorrupt)
	}
	return b, nil
}

func readManifest(file, text string) (map[string]imagery.Digest, error) {
	out := map[string]imagery.Digest{}
	number := 0
	for line := range strings.Lines(text) {
		number++
		digits, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		name = decodeName(strings.TrimLeft(strings.TrimLeft(name, " \t"), "*"))
		d, err := imagery.ParseDigest(strings.ToLower(digits))
		if err == nil {
			err = checkName(name)
		}
		if _, twice := out[name]; twice || err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", file, number, imagery.ErrCorrupt)
		}
		out[name] = d
	}
	return out, nil
}

// readInfo reads labels and values; a line that begins with a space goes on the one before.
func readInfo(text string) []Line {
	var out []Line
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if n := len(out); n > 0 && line != strings.TrimLeft(line, " \t") {
			out[n-1].Value += " " + strings.TrimSpace(line)
			continue
		}
		if label, value, ok := strings.Cut(line, ":"); ok {
			out = append(out, Line{strings.TrimSpace(label), strings.TrimSpace(value)})
		}
	}
	return out
}

func (p *Pack) readFetch(text string) error {
	number := 0
	for line := range strings.Lines(text) {
		number++
		part := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 3)
		if len(part) != 3 {
			return fmt.Errorf("%s, line %d: %w", fetchTxt, number, imagery.ErrCorrupt)
		}
		name := decodeName(part[2])
		size, err := strconv.ParseInt(part[1], 10, 64)
		if part[1] == "-" {
			size, err = 0, nil
		}
		d, known := p.sums[name]
		if err != nil || size < 0 || !known {
			return fmt.Errorf("%s, line %d: %w", fetchTxt, number, imagery.ErrCorrupt)
		}
		if p.files[name] == nil {
			p.Withheld = append(p.Withheld, Withheld{strings.TrimPrefix(name, payload), d, size, part[0]})
		}
	}
	return nil
}

// Names lists the payload files that the pack holds, sorted.
func (p *Pack) Names() []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(p.files)) {
		if rest, ok := strings.CutPrefix(name, payload); ok {
			out = append(out, rest)
		}
	}
	return out
}

// Open opens a payload file. Its reader ends with an error, [imagery.ErrCorrupt], where
// the bytes were not what the manifest says: what was read must then be thrown away.
func (p *Pack) Open(name string) (io.ReadCloser, error) {
	f, want, err := p.lookUp(name)
	if err != nil {
		return nil, err
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("pack: %s: %w: %w", name, imagery.ErrCorrupt, err)
	}
	return &checked{ReadCloser: r, name: name, want: want, sum: sha256.New(), left: int64(f.UncompressedSize64)}, nil
}

// Read returns a payload file, checked.
func (p *Pack) Read(name string) ([]byte, error) {
	f, want, err := p.lookUp(name)
	if err != nil {
		return nil, err
	}
	b, err := readAll(f)
	if err != nil {
		return nil, fmt.Errorf("pack: %s: %w", name, err)
	}
	if imagery.DigestOf(b) != want {
		return nil, fmt.Errorf("pack: %s: %w", name, errAltered)
	}
	return b, nil
}

func (p *Pack) lookUp(name string) (*zip.File, imagery.Digest, error) {
	f := p.files[payload+name]
	want, listed := p.sums[payload+name]
	if f == nil || !listed {
		return nil, want, fmt.Errorf("pack: %s: %w", name, imagery.ErrNotFound)
	}
	return f, want, nil
}

var errAltered = fmt.Errorf("it is not what the manifest says: %w", imagery.ErrCorrupt)

// checked hashes what is read and compares at the end.
type checked struct {
	io.ReadCloser
	name string
	want imagery.Digest
	sum  hash.Hash
	left int64 // bytes that the file says it still has
}

func (c *checked) Read(b []byte) (int, error) {
	n, err := c.ReadCloser.Read(b)
	c.sum.Write(b[:n])
	if c.left -= int64(n); c.left < 0 {
		return 0, fmt.Errorf("pack: %s: longer than it says: %w", c.name, imagery.ErrCorrupt)
	}
	if err == nil {
		return n, nil
	}
	if err != io.EOF {
		return n, fmt.Errorf("pack: %s: %w: %w", c.name, imagery.ErrCorrupt, err)
	}
	if imagery.Digest(c.sum.Sum(nil)) != c.want {
		return n, fmt.Errorf("pack: %s: %w", c.name, errAltered)
	}
	return n, io.EOF
}

// Digest returns what the manifest says of a payload file, one withheld included.
func (p *Pack) Digest(name string) (d imagery.Digest, ok bool) {
	d, ok = p.sums[payload+name]
	return d, ok
}
