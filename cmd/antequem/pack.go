package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/antequem/antequem/compare/assess"
	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"github.com/antequem/antequem/imagery/casefile"
	"github.com/antequem/antequem/imagery/evidence"
	"github.com/antequem/antequem/imagery/ingest"
	"github.com/antequem/antequem/imagery/pack"
	"github.com/spf13/cobra"
)

// packOptions are the flags of pack.
type packOptions struct {
	out        string
	casePath   string
	withhold   []string
	identities bool
	metadata   bool
	withdrawn  bool // although it was withdrawn
}

func newPack() *cobra.Command {
	var o packOptions
	cmd := &cobra.Command{
		Use:   "pack {SLUG | --case CASE.yaml} --out PACK.zip",
		Short: "Put a case with its originals, records and results into one evidence pack",
		Long: `Judges a location of the data folder, or a case file, and writes one ZIP laid out by
BagIt (RFC 8493): the case and its originals, the records, the custody log, and all
that was measured, with a report.html that opens from disk. Whoever gets it runs
'antequem verify PACK.zip', which makes the judgement again from the originals.
The same case gives the same bytes.

An image named by --withhold stays out, and with it every picture that shows it;
its SHA-256 stays in, and verify asks for the file. Pseudonyms of uploaders and the
names that files had on their machines are left out unless asked for. So is an original
that holds metadata which may tell of people (EXIF, a GPS position, XMP, IPTC, comments,
C2PA): a copy without them would be another file with another SHA-256. Pictures made
from it hold no metadata and stay. --metadata passes such originals on as they came, and
what an editor released of names and metadata goes along without asking.

A location that was withdrawn is packed with --withdrawn alone. The pack, and verify, say
whether it is a draft, published or withdrawn, since when and why.

The custody log of a case file begins when the newest of its files was last written.`,
		Example: `  antequem pack training-scene --data data/demo --out training.zip
  antequem pack --case samples/training/case.yaml --out training.zip --withhold a.png`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && o.casePath == "" || len(args) == 0 && o.casePath != "" {
				return nil
			}
			return usage(fmt.Errorf("want either the slug of a location or --case CASE.yaml (see '%s --help')", cmd.CommandPath()))
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.out == "" {
				return usage(errors.New("want the file to write: --out PACK.zip"))
			}
			s, err := loadSettings(cmd)
			if err != nil {
				return err
			}
			if o.casePath != "" {
				return packCase(cmd.Context(), cmd.OutOrStdout(), s, o)
			}
			a, err := openArchive(cmd.Context(), s)
			if err != nil {
				return err
			}
			defer a.Close()
			if err := mayPack(cmd.Context(), a, args[0], o.withdrawn); err != nil {
				return err
			}
			return packLocation(cmd.Context(), cmd.OutOrStdout(), a, args[0], s, o)
		},
	}
	dataFlag(cmd)
	cmd.Flags().StringVar(&o.out, "out", "", "write the pack to `FILE`")
	cmd.Flags().StringVar(&o.casePath, "case", "", "pack this case `FILE` and not a location of the data folder")
	cmd.Flags().StringArrayVar(&o.withhold, "withhold", nil, "leave this image of the case out; give it once for each `FILE`")
	cmd.Flags().BoolVar(&o.withdrawn, "withdrawn", false, "pack a location although it was withdrawn; the pack says so")
	cmd.Flags().BoolVar(&o.metadata, "metadata", false, "pass on originals that hold EXIF, a GPS position, XMP, IPTC, comments or C2PA")
	cmd.Flags().BoolVar(&o.identities, "identities", false, "tell uploaders' pseudonyms and the names that files had on their machines")
	return cmd
}

// mayPack refuses a location that was withdrawn, unless that is meant.
func mayPack(ctx context.Context, a *archive.Archive, slug string, withdrawn bool) error {
	if _, err := a.Location(ctx, slug); err != nil || withdrawn {
		return err
	}
	p, err := a.Publication(ctx, slug)
	if err != nil || p.State != archive.Withdrawn {
		return err
	}
	return fmt.Errorf("pack %s: it was withdrawn on %s (%s): if it is to be passed on all the same, add --withdrawn, and the pack will say so: %w",
		slug, p.At.UTC().Format(time.DateOnly), plainLine(p.Why), imagery.ErrInvalid)
}

// openArchive opens the archive of the data folder, which must be there.
func openArchive(ctx context.Context, s settings) (*archive.Archive, error) {
	if err := hasArchive(s.Data); err != nil {
		return nil, err
	}
	return archive.Open(ctx, s.Data, s.archive())
}

func newIngester(a *archive.Archive, s settings) (*ingest.Ingester, error) {
	o := ingest.DefaultOptions()
	o.Limits = s.limits()
	return ingest.New(a, o)
}

// packCase packs a case file by way of an archive that lives as long as the packing.
func packCase(ctx context.Context, w io.Writer, s settings, o packOptions) (err error) {
	c, _, err := openCase(o.casePath, s.limits())
	if err != nil {
		return err
	}
	base := filepath.Dir(o.casePath)
	sayLeftBeside(base, c)
	written, err := lastWritten(o.casePath, base, c)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "antequem-pack-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ao := s.archive()
	ao.Now = func() time.Time { return written }
	ao.Salt = func() string { return "" } // its log hides nobody
	a, err := archive.Open(ctx, dir, ao)
	if err != nil {
		return err
	}
	defer a.Close()
	in, err := newIngester(a, s)
	if err != nil {
		return err
	}
	slug, err := in.Case(ctx, c, func(file string) (io.ReadCloser, error) {
		return os.Open(filepath.Join(base, filepath.FromSlash(file)))
	}, archive.Change{Why: "read from a case file; the time is when the newest of its files was last written"})
	if err != nil {
		return err
	}
	return packLocation(ctx, w, a, slug, s, o)
}

// lastWritten returns when the newest file of a case was written, so that packing it
// twice gives the same bytes.
func lastWritten(path, base string, c imagery.Case) (last time.Time, err error) {
	paths := []string{path}
	for _, im := range c.Images {
		paths = append(paths, filepath.Join(base, filepath.FromSlash(im.File)))
	}
	for _, p := range paths {
		st, err := os.Stat(p)
		if err != nil {
			return last, err
		}
		if st.ModTime().After(last) {
			last = st.ModTime()
		}
	}
	return last, nil
}

// packLocation judges a location as the receiver of the pack will, and writes the pack.
func packLocation(ctx context.Context, w io.Writer, a *archive.Archive, slug string, s settings, o packOptions) error {
	held, err := a.Case(ctx, slug)
	if err != nil {
		return err
	}
	text, err := casefile.Format(held)
	if err != nil {
		return err
	}
	c, err := casefile.Parse(evidence.CaseFile, text)
	if err != nil {
		return err
	}
	out, err := leaveOut(ctx, a, c, o, s.limits())
	if err != nil {
		return err
	}
	load := originalLoader(a.ReadOriginal, s.limits())
	results, err := judgedResults(ctx, c, load, s.assess(), out.hidden, made{}, progressTo(false))
	if err != nil {
		return err
	}
	bag, err := evidence.Bag(ctx, a, slug, evidence.Options{
		Agent: "antequem " + assess.Build(), Identities: o.identities, Withhold: out.reason, Files: results,
	})
	if err != nil {
		return err
	}
	if err := holds(bag, evidence.CaseFile, text); err != nil {
		return fmt.Errorf("pack %s: %w", slug, err)
	}
	if err := writePack(ctx, o.out, bag); err != nil {
		return err
	}
	fmt.Fprintf(w, "%s: %s, %s\n", o.out, counted(len(c.Images), "image"), counted(len(c.Claims), "claim"))
	p, err := a.Publication(ctx, slug)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "state: %s\n", p.State)
	for _, x := range bag.Withheld {
		fmt.Fprintf(w, "withheld: %s (SHA-256 %s)%s\n", x.Name, x.Digest, out.why(x.Digest))
	}
	return nil
}

// holds says where a bag holds another text than the one that was judged: someone
// changed the records meanwhile.
func holds(bag pack.Bag, name string, text []byte) error {
	i := slices.IndexFunc(bag.Files, func(f pack.File) bool { return f.Name == name })
	if i < 0 {
		return fmt.Errorf("it has no %s: %w", name, imagery.ErrNotFound)
	}
	r, err := bag.Files[i].Open()
	if err != nil {
		return err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err == nil && !bytes.Equal(b, text) {
		err = errors.New("the case was changed while it was judged; pack it again")
	}
	return err
}

// writePack writes a pack by way of a temporary file beside it.
func writePack(ctx context.Context, path string, bag pack.Bag) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".antequem-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(tmp.Name())
	if err := errors.Join(pack.Write(ctx, tmp, bag), tmp.Chmod(0o644), tmp.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(tmp.Name(), path)
}
