package archive

import (
	"syscall"

	"golang.org/x/sys/windows"
)

const (
	errQuota        = syscall.Errno(windows.ERROR_DISK_FULL)
	errReadOnlyDisk = syscall.Errno(windows.ERROR_WRITE_PROTECT)
)

// freeBytes returns what this user may still write on the disk of dir.
func freeBytes(dir string) (int64, error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var free uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, nil, nil); err != nil {
		return 0, err
	}
	return int64(min(free, 1<<62)), nil
}

// syncDir does nothing: NTFS journals its names, and folders can't be synced there.
func syncDir(string) error { return nil }
