package archive

// Room says [ErrFull] where less than Options.MinFree is left on the disk.
func (a *Archive) Room() error { return a.checkRoom() }
