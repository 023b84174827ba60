//go:build !amd64

package vector

func Plainly(do func()) (had bool) {
	do()
	return false
}
