package server_test

import (
	"net"
	"strings"
	"testing"
)

// An address of another kind, such as a socket in a folder.
type socket string

func (socket) Network() string  { return "unix" }
func (s socket) String() string { return string(s) }

func TestOnlyThisMachineIsServedBeforeThereIsAnEditor(t *testing.T) {
	h, _, _, _ := judged(t, settle())
	at := func(ip string) net.Addr { return &net.TCPAddr{IP: net.ParseIP(ip), Port: 8080} }
	addresses := map[net.Addr]bool{
		at("127.0.0.1"): true, at("127.0.0.2"): true, at("::1"): true, at("::ffff:127.0.0.1"): true,
		at(""): false, at("0.0.0.0"): false, at("::"): false, at("::ffff:0.0.0.0"): false, at("192.0.2.1"): false, at("10.0.0.1"): false,
		at("169.254.1.1"): false, at("fe80::1"): false, at("fd00::1"): false, at("2001:db8::1"): false, at("128.0.0.1"): false,
		&net.TCPAddr{IP: net.ParseIP("fe80::1"), Zone: "eth0", Port: 8080}: false, socket("/run/antequem.sock"): false, socket("127.0.0.1:8080"): false,
	}
	check := func(when string, all bool) {
		t.Helper()
		for addr, loopback := range addresses {
			err := h.MayListen(t.Context(), addr)
			if may := loopback || all; (err == nil) != may {
				t.Errorf("%s: %s %s: %v", when, addr.Network(), addr, err)
			}
			if err != nil && !strings.Contains(err.Error(), "'antequem user add NAME --role editor'") {
				t.Errorf("%s: %s: %v doesn't say what to do", when, addr, err)
			}
		}
	}
	check("without accounts", false)
	h.admit(t)
	check("with an editor", true)
	if err := h.people.Disable(t.Context(), "editor"); err == nil {
		t.Error("the only editor was disabled")
	}
	check("with the one editor that can't be disabled", true)
}
