#include "textflag.h"

// A Group is 128 bytes: 64 of real parts, 64 of imaginary ones, each two registers of
// eight samples.

// SUMS reads half a group of each of four from off on, stores the first output, their sum,
// and leaves, real parts and imaginary: the third, a-b+c-d, in Y4 Y5, a-c in Y6 Y7 and
// -i(b-d) in Y1 Y0.
#define SUMS(off) \
	VMOVUPS off(SI), Y0           \
	VMOVUPS (off+64)(SI), Y1      \
	VMOVUPS off(SI)(R8*2), Y2     \
	VMOVUPS (off+64)(SI)(R8*2), Y3 \
	VADDPS  Y2, Y0, Y4            \
	VADDPS  Y3, Y1, Y5            \
	VSUBPS  Y2, Y0, Y6            \
	VSUBPS  Y3, Y1, Y7            \
	VMOVUPS off(SI)(R8*1), Y0     \
	VMOVUPS (off+64)(SI)(R8*1), Y1 \
	VMOVUPS off(SI)(R10*1), Y2    \
	VMOVUPS (off+64)(SI)(R10*1), Y3 \
	VADDPS  Y2, Y0, Y8            \
	VADDPS  Y3, Y1, Y9            \
	VSUBPS  Y3, Y1, Y1            \
	VSUBPS  Y0, Y2, Y0            \
	VADDPS  Y8, Y4, Y2            \
	VADDPS  Y9, Y5, Y3            \
	VMOVUPS Y2, off(DI)           \
	VMOVUPS Y3, (off+64)(DI)      \
	VSUBPS  Y8, Y4, Y4            \
	VSUBPS  Y9, Y5, Y5

// TURN stores Y4 + iY5 times wr + iwi; Y2 and Y3 are overwritten.
#define TURN(wr, wi, re, im) \
	VMULPS  Y4, wr, Y2 \
	VMULPS  Y5, wi, Y3 \
	VSUBPS  Y3, Y2, Y2 \
	VMOVUPS Y2, re     \
	VMULPS  Y5, wr, Y2 \
	VMULPS  Y4, wi, Y3 \
	VADDPS  Y3, Y2, Y2 \
	VMOVUPS Y2, im

// FOUR is a butterfly on half a group.
#define FOUR(off) \
	SUMS(off)                     \
	TURN(Y12, Y13, off(DI)(R9*2), (off+64)(DI)(R9*2)) \
	VADDPS  Y1, Y6, Y4            \
	VADDPS  Y0, Y7, Y5            \
	TURN(Y10, Y11, off(DI)(R9*1), (off+64)(DI)(R9*1)) \
	VSUBPS  Y1, Y6, Y4            \
	VSUBPS  Y0, Y7, Y5            \
	TURN(Y14, Y15, off(DI)(R11*1), (off+64)(DI)(R11*1))

// STILL is FOUR without turns.
#define STILL(off) \
	SUMS(off)                     \
	VMOVUPS Y4, off(DI)(R9*2)     \
	VMOVUPS Y5, (off+64)(DI)(R9*2) \
	VADDPS  Y1, Y6, Y4            \
	VADDPS  Y0, Y7, Y5            \
	VMOVUPS Y4, off(DI)(R9*1)     \
	VMOVUPS Y5, (off+64)(DI)(R9*1) \
	VSUBPS  Y1, Y6, Y4            \
	VSUBPS  Y0, Y7, Y5            \
	VMOVUPS Y4, off(DI)(R11*1)    \
	VMOVUPS Y5, (off+64)(DI)(R11*1)

// func butterfly4(y, x *Group, n, out, in int, w *[3]Turn)
TEXT ·butterfly4(SB), NOSPLIT, $0-48
	MOVQ y+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ n+16(FP), CX
	MOVQ out+24(FP), R9
	MOVQ in+32(FP), R8
	MOVQ w+40(FP), AX
	SHLQ $7, R8
	SHLQ $7, R9
	LEAQ (R8)(R8*2), R10
	LEAQ (R9)(R9*2), R11
	TESTQ AX, AX
	JEQ  still
	VBROADCASTSS 0(AX), Y10
	VBROADCASTSS 4(AX), Y11
	VBROADCASTSS 8(AX), Y12
	VBROADCASTSS 12(AX), Y13
	VBROADCASTSS 16(AX), Y14
	VBROADCASTSS 20(AX), Y15

four:
	FOUR(0)
	FOUR(32)
	ADDQ $128, SI
	ADDQ $128, DI
	DECQ CX
	JNZ  four
	VZEROUPPER
	RET

still: // w is nil
	STILL(0)
	STILL(32)
	ADDQ $128, SI
	ADDQ $128, DI
	DECQ CX
	JNZ  still
	VZEROUPPER
	RET

// TWO is the same of radix 2.
#define TWO(off) \
	VMOVUPS off(SI), Y0           \
	VMOVUPS (off+64)(SI), Y1      \
	VMOVUPS off(SI)(R8*1), Y2     \
	VMOVUPS (off+64)(SI)(R8*1), Y3 \
	VADDPS  Y2, Y0, Y6            \
	VADDPS  Y3, Y1, Y7            \
	VMOVUPS Y6, off(DI)           \
	VMOVUPS Y7, (off+64)(DI)      \
	VSUBPS  Y2, Y0, Y4            \
	VSUBPS  Y3, Y1, Y5            \
	TURN(Y10, Y11, off(DI)(R9*1), (off+64)(DI)(R9*1))

// func butterfly2(y, x *Group, n, out, in int, wr, wi float32)
TEXT ·butterfly2(SB), NOSPLIT, $0-48
	MOVQ y+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ n+16(FP), CX
	MOVQ out+24(FP), R9
	MOVQ in+32(FP), R8
	SHLQ $7, R8
	SHLQ $7, R9
	VBROADCASTSS wr+40(FP), Y10
	VBROADCASTSS wi+44(FP), Y11

two:
	TWO(0)
	TWO(32)
	ADDQ $128, SI
	ADDQ $128, DI
	DECQ CX
	JNZ  two
	VZEROUPPER
	RET

// func filter(dst, src *float32, n, step int, taps *float32, ntaps int)
TEXT ·filter(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ n+16(FP), CX
	MOVQ step+24(FP), R8
	MOVQ taps+32(FP), AX
	MOVQ ntaps+40(FP), BX

wideblock: // of 32 samples
	CMPQ CX, $32
	JLT  block
	VBROADCASTSS (AX), Y8
	VMULPS (SI), Y8, Y0
	VMULPS 32(SI), Y8, Y1
	VMULPS 64(SI), Y8, Y2
	VMULPS 96(SI), Y8, Y3
	MOVQ SI, R9
	MOVQ SI, R10
	MOVQ $1, DX

widetap:
	CMPQ DX, BX
	JGE  widedone
	SUBQ R8, R9
	ADDQ R8, R10
	VBROADCASTSS (AX)(DX*4), Y8
	VMOVUPS (R9), Y4
	VMOVUPS 32(R9), Y5
	VMOVUPS 64(R9), Y6
	VMOVUPS 96(R9), Y7
	VADDPS (R10), Y4, Y4
	VADDPS 32(R10), Y5, Y5
	VADDPS 64(R10), Y6, Y6
	VADDPS 96(R10), Y7, Y7
	VMULPS Y4, Y8, Y4
	VMULPS Y5, Y8, Y5
	VMULPS Y6, Y8, Y6
	VMULPS Y7, Y8, Y7
	VADDPS Y4, Y0, Y0
	VADDPS Y5, Y1, Y1
	VADDPS Y6, Y2, Y2
	VADDPS Y7, Y3, Y3
	INCQ DX
	JMP  widetap

widedone:
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	ADDQ $128, SI
	ADDQ $128, DI
	SUBQ $32, CX
	JMP  wideblock

block: // of 8 samples
	TESTQ CX, CX
	JEQ  done
	VBROADCASTSS (AX), Y8
	VMULPS (SI), Y8, Y0
	MOVQ SI, R9
	MOVQ SI, R10
	MOVQ $1, DX

tap:
	CMPQ DX, BX
	JGE  tapdone
	SUBQ R8, R9
	ADDQ R8, R10
	VBROADCASTSS (AX)(DX*4), Y8
	VMOVUPS (R9), Y4
	VADDPS (R10), Y4, Y4
	VMULPS Y4, Y8, Y4
	VADDPS Y4, Y0, Y0
	INCQ DX
	JMP  tap

tapdone:
	VMOVUPS Y0, (DI)
	ADDQ $32, SI
	ADDQ $32, DI
	SUBQ $8, CX
	JMP  block

done:
	VZEROUPPER
	RET

// func add(dst, a *float32, n int)
TEXT ·add(SB), NOSPLIT, $0-24
	MOVQ dst+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ n+16(FP), CX

addblock:
	VMOVUPS (DI), Y0
	VADDPS (SI), Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ $32, SI
	ADDQ $32, DI
	SUBQ $8, CX
	JNZ  addblock
	VZEROUPPER
	RET

// func addProduct(dst, a, b *float32, n int)
TEXT ·addProduct(SB), NOSPLIT, $0-32
	MOVQ dst+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ n+24(FP), CX

productblock:
	VMOVUPS (SI), Y0
	VMULPS (DX), Y0, Y0
	VADDPS (DI), Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ $32, SI
	ADDQ $32, DX
	ADDQ $32, DI
	SUBQ $8, CX
	JNZ  productblock
	VZEROUPPER
	RET

// func dot(sums *[block]float32, a, b *float32, n int)
TEXT ·dot(SB), NOSPLIT, $0-32
	MOVQ sums+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), DX
	MOVQ n+24(FP), CX
	VXORPS Y0, Y0, Y0

oneblock:
	VMOVUPS (SI), Y1
	VMULPS (DX), Y1, Y1
	VADDPS Y1, Y0, Y0
	ADDQ $32, SI
	ADDQ $32, DX
	SUBQ $8, CX
	JNZ  oneblock
	VMOVUPS Y0, (DI)
	VZEROUPPER
	RET

// func dots(sums *[4][block]float32, a, b, c, d *float32, n int)
TEXT ·dots(SB), NOSPLIT, $0-48
	MOVQ sums+0(FP), DI
	MOVQ a+8(FP), SI
	MOVQ b+16(FP), R8
	MOVQ c+24(FP), R9
	MOVQ d+32(FP), R10
	MOVQ n+40(FP), CX
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	XORQ AX, AX

dotblock:
	VMOVUPS (SI)(AX*4), Y4
	VMOVUPS (R8)(AX*4), Y5
	VMOVUPS (R9)(AX*4), Y6
	VMOVUPS (R10)(AX*4), Y7
	VMULPS Y6, Y4, Y8
	VMULPS Y7, Y4, Y9
	VMULPS Y6, Y5, Y10
	VMULPS Y7, Y5, Y11
	VADDPS Y8, Y0, Y0
	VADDPS Y9, Y1, Y1
	VADDPS Y10, Y2, Y2
	VADDPS Y11, Y3, Y3
	ADDQ $8, AX
	CMPQ AX, CX
	JLT  dotblock
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VMOVUPS Y2, 64(DI)
	VMOVUPS Y3, 96(DI)
	VZEROUPPER
	RET

// 1, 2, 3, 4, 5 and 1/4
DATA some<>+0(SB)/4, $0x3f800000
DATA some<>+4(SB)/4, $0x40000000
DATA some<>+8(SB)/4, $0x40400000
DATA some<>+12(SB)/4, $0x40800000
DATA some<>+16(SB)/4, $0x40a00000
DATA some<>+20(SB)/4, $0x3e800000
GLOBL some<>(SB), RODATA, $24

// WEIGHTS leaves twice the weights of four samples for the positions x.
#define WEIGHTS(x, w0, w1, w2, w3, k) \
	VBROADCASTSS some<>+4(SB), k  \
	VSUBPS x, k, w0               \
	VMULPS x, w0, w0              \
	VBROADCASTSS some<>+8(SB), w3 \
	VMULPS x, w3, w1              \
	VMULPS x, w3, w2              \
	VBROADCASTSS some<>+16(SB), w3 \
	VSUBPS w3, w1, w1             \
	VMULPS x, w1, w1              \
	VMULPS x, w1, w1              \
	VADDPS k, w1, w1              \
	VBROADCASTSS some<>+12(SB), k \
	VSUBPS w2, k, w2              \
	VMULPS x, w2, w2              \
	VBROADCASTSS some<>+0(SB), k  \
	VSUBPS k, w0, w0              \
	VMULPS x, w0, w0              \
	VADDPS k, w2, w2              \
	VMULPS x, w2, w2              \
	VSUBPS k, x, w3               \
	VMULPS x, w3, w3              \
	VMULPS x, w3, w3

// ROW leaves in Y10 what Y0 to Y3 make of four samples each of eight places, which it
// turns about first, so that a register holds one of each.
#define ROW \
	VMOVUPS (R8)(SI*1), X9                  \
	VINSERTF128 $1, (R12)(SI*1), Y9, Y9     \
	VMOVUPS (R9)(SI*1), X10                 \
	VINSERTF128 $1, (R13)(SI*1), Y10, Y10   \
	VMOVUPS (R10)(SI*1), X11                \
	VINSERTF128 $1, (R14)(SI*1), Y11, Y11   \
	VMOVUPS (R11)(SI*1), X12                \
	VINSERTF128 $1, (R15)(SI*1), Y12, Y12   \
	VUNPCKLPS Y10, Y9, Y13                  \
	VUNPCKHPS Y10, Y9, Y14                  \
	VUNPCKLPS Y12, Y11, Y15                 \
	VUNPCKHPS Y12, Y11, Y9                  \
	VUNPCKLPD Y15, Y13, Y10                 \
	VUNPCKHPD Y15, Y13, Y11                 \
	VUNPCKLPD Y9, Y14, Y12                  \
	VUNPCKHPD Y9, Y14, Y13                  \
	VMULPS Y0, Y10, Y10                     \
	VMULPS Y1, Y11, Y11                     \
	VADDPS Y11, Y10, Y10                    \
	VMULPS Y2, Y12, Y12                     \
	VADDPS Y12, Y10, Y10                    \
	VMULPS Y3, Y13, Y13                     \
	VADDPS Y13, Y10, Y10

// func cubic(dst, pix *float32, stride int, at *int, s, t *float32, n int)
TEXT ·cubic(SB), NOSPLIT, $0-56
	MOVQ dst+0(FP), DI
	MOVQ at+24(FP), AX
	MOVQ s+32(FP), BX
	MOVQ t+40(FP), DX
	MOVQ n+48(FP), CX

cubicblock:
	VMOVUPS (BX), Y15
	WEIGHTS(Y15, Y0, Y1, Y2, Y3, Y14)
	VMOVUPS (DX), Y15
	WEIGHTS(Y15, Y4, Y5, Y6, Y7, Y14)
	MOVQ pix+8(FP), SI
	MOVQ (AX), R8
	MOVQ 8(AX), R9
	MOVQ 16(AX), R10
	MOVQ 24(AX), R11
	MOVQ 32(AX), R12
	MOVQ 40(AX), R13
	MOVQ 48(AX), R14
	MOVQ 56(AX), R15
	LEAQ (SI)(R8*4), R8
	LEAQ (SI)(R9*4), R9
	LEAQ (SI)(R10*4), R10
	LEAQ (SI)(R11*4), R11
	LEAQ (SI)(R12*4), R12
	LEAQ (SI)(R13*4), R13
	LEAQ (SI)(R14*4), R14
	LEAQ (SI)(R15*4), R15
	XORQ SI, SI
	ROW
	VMULPS Y4, Y10, Y8
	ADDQ stride+16(FP), SI
	ROW
	VMULPS Y5, Y10, Y10
	VADDPS Y10, Y8, Y8
	ADDQ stride+16(FP), SI
	ROW
	VMULPS Y6, Y10, Y10
	VADDPS Y10, Y8, Y8
	ADDQ stride+16(FP), SI
	ROW
	VMULPS Y7, Y10, Y10
	VADDPS Y10, Y8, Y8
	VBROADCASTSS some<>+20(SB), Y9
	VMULPS Y9, Y8, Y8
	VMOVUPS Y8, (DI)
	ADDQ $64, AX
	ADDQ $32, BX
	ADDQ $32, DX
	ADDQ $32, DI
	SUBQ $8, CX
	JNZ  cubicblock
	VZEROUPPER
	RET
