package vector

// Plainly runs do as where there is no AVX, and says whether there is.
func Plainly(do func()) (had bool) {
	had, avx = avx, false
	defer func() { avx = had }()
	do()
	return had
}
