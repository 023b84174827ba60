package jobs

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockFile opens the file at path and locks it: for this process alone where no
// other has it, shared otherwise. The system lets go when the process ends, however it ends.
func lockFile(path string) (f *os.File, alone bool, err error) {
	if f, err = os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600); err != nil {
		return nil, false, err
	}
	err = lock(f, windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY)
	if err == nil {
		return f, true, nil
	}
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		err = lock(f, 0)
	}
	if err != nil {
		return nil, false, errors.Join(err, f.Close())
	}
	return f, false, nil
}

// shareLock lets other processes in. Taking the shared lock before the exclusive
// one is given back leaves no moment without.
func shareLock(f *os.File) error {
	if err := lock(f, windows.LOCKFILE_FAIL_IMMEDIATELY); err != nil {
		return err
	}
	return windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, new(windows.Overlapped))
}

func lock(f *os.File, flags uint32) error {
	return windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
}
