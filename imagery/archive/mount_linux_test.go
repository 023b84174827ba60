package archive_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/antequem/antequem/imagery"
	"github.com/antequem/antequem/imagery/archive"
	"golang.org/x/sys/unix"
)

// mounted is set for a process that may mount file systems, seen by nobody else, below
// the folder that it names.
const mounted = "ANTEQUEM_TEST_ARCHIVE_MOUNTED"

// diskBytes is the size of the disk that is filled.
const diskBytes = 3 << 20

func init() { roles[mounted] = fillAndLock }

// fillAndLock fills a small disk, reads back what was kept, turns the disk read-only and
// says how each step fared.
func fillAndLock(dir string) error {
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", diskBytes)); err != nil {
		fmt.Println("unmountable", err)
		return nil
	}
	ballast := filepath.Join(dir, "something else")
	if err := os.WriteFile(ballast, make([]byte, diskBytes/6), 0o600); err != nil {
		return err
	}
	ctx := context.Background()
	a, err := archive.Open(ctx, filepath.Join(dir, "data"), archive.Options{})
	if err != nil {
		return err
	}
	if _, err := a.AddLocation(ctx, imagery.Location{Name: "Square"}, archive.Change{}); err != nil {
		return err
	}
	kept, err := fillDisk(ctx, a)
	if err != nil {
		return err
	}
	fmt.Printf("full %d\n", len(kept))
	if err := sound(ctx, a, kept); err != nil {
		return err
	}
	if kept, err = roomAgain(ctx, a, kept, ballast); err != nil {
		return err
	}
	if err := a.Close(); err != nil {
		return err
	}
	if err := unix.Mount("", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		return err
	}
	return openLocked(ctx, filepath.Join(dir, "data"), kept)
}

// openLocked reads an archive on a disk that can only be read, and says whether it
// refuses to be changed.
func openLocked(ctx context.Context, dir string, kept []imagery.Digest) error {
	a, err := archive.Open(ctx, dir, archive.Options{})
	if err != nil {
		return err
	}
	defer a.Close()
	rep, err := a.Verify(ctx, nil)
	if err != nil || !rep.OK() || rep.Originals != len(kept)+1 {
		return fmt.Errorf("%d originals, want %d; faults %v: %w", rep.Originals, len(kept)+1, rep.Faults, err)
	}
	if _, err := a.Put(ctx, strings.NewReader("too late"), 100); err == nil || !strings.Contains(err.Error(), "read-only") {
		return fmt.Errorf("put: %w", err)
	}
	err = a.UpdateImage(ctx, "square", imagery.Image{File: kept[0].String()}, archive.Change{})
	if !errors.Is(err, archive.ErrLocked) {
		return fmt.Errorf("changed: %w", err)
	}
	fmt.Println("locked")
	return nil
}

// fillDisk uploads pictures until the disk has no room, and returns what was acknowledged.
func fillDisk(ctx context.Context, a *archive.Archive) (kept []imagery.Digest, err error) {
	for i := 0; ; i++ {
		data := strings.Repeat(fmt.Sprintf("picture %d ", i), 6000)
		s, err := a.Stage(ctx, strings.NewReader(data), 1<<20)
		if err == nil {
			_, _, err = a.Receive(ctx, s, "square", imagery.Image{File: s.Digest.String()}, archive.Facts{}, archive.Receipt{})
		}
		if err != nil {
			if s != nil {
				err = errors.Join(err, s.Discard())
			}
			if !errors.Is(err, archive.ErrFull) || !errors.Is(err, syscall.ENOSPC) && !strings.Contains(err.Error(), "full") {
				return kept, fmt.Errorf("not told that the disk is full: %w", err)
			}
			return kept, nil
		}
		kept = append(kept, s.Digest)
	}
}

// sound says whether the archive holds what was acknowledged, and nothing else.
func sound(ctx context.Context, a *archive.Archive, kept []imagery.Digest) error {
	rep, err := a.Verify(ctx, nil)
	if err != nil {
		return err
	}
	if !rep.OK() || rep.Originals != len(kept) {
		return fmt.Errorf("%d originals, %d were acknowledged; faults %v", rep.Originals, len(kept), rep.Faults)
	}
	recs, err := a.Images(ctx, "square")
	if err == nil && len(recs) != len(kept) {
		err = fmt.Errorf("%d images show, %d were acknowledged", len(recs), len(kept))
	}
	return err
}

// roomAgain deletes an image, which on a full disk is done or refused, never half, and
// says whether the archive goes on once somebody made room.
func roomAgain(ctx context.Context, a *archive.Archive, kept []imagery.Digest, ballast string) ([]imagery.Digest, error) {
	first := kept[0]
	err := a.DeleteImage(ctx, "square", first.String(), archive.Change{Why: "room"})
	if err != nil && !errors.Is(err, archive.ErrFull) {
		return nil, err
	}
	if _, err := a.ReadOriginal(ctx, first); errors.Is(err, imagery.ErrNotFound) {
		kept = kept[1:]
	}
	if err := sound(ctx, a, kept); err != nil {
		return nil, err
	}
	if err := os.Remove(ballast); err != nil {
		return nil, err
	}
	_, err = a.Put(ctx, strings.NewReader("there is room again"), 100)
	return kept, err
}

func TestARealDiskThatIsFullAndThenReadOnly(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), mounted+"="+t.TempDir())
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	var refused *os.SyscallError
	switch {
	case errors.As(err, &refused) || errors.Is(err, syscall.EPERM), strings.Contains(string(out), "unmountable"):
		t.Logf("no disk can be mounted here (%v %s): a limit of the size of files stands in for it in another test", err, out)
	case err != nil || !strings.Contains(string(out), "full ") || !strings.Contains(string(out), "locked"):
		t.Errorf("%v: %s", err, out)
	}
}
