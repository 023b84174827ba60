//go:build unix

package archive

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

const (
	errQuota        = syscall.EDQUOT
	errReadOnlyDisk = syscall.EROFS
)

// freeBytes returns what an ordinary user may still write on the disk of dir.
func freeBytes(dir string) (int64, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return int64(st.Bavail) * int64(st.Bsize), nil
}

// syncDir returns once the names in dir would survive a power cut.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
