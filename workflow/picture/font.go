package picture

// What a character takes of the size of the font, in thousandths. An SVG that
// brings no font along is shown in whatever the reader has: the widths are
// Helvetica's, and wider are added to what most others need.
// Source: Adobe's font metrics of Helvetica.
var widths = [...]float64{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // space to /
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to ~
}

const (
	// roomier is how much wider the widest of the usual fonts is.
	roomier = 1.14
	// bolder is how much wider bold letters are.
	bolder = 1.07
)

// textWidth is the room that a line of text takes.
func textWidth(s string, size float64, bold bool) float64 {
	sum := 0.0
	for _, r := range s {
		switch {
		case r >= ' ' && int(r-' ') < len(widths):
			sum += widths[r-' ']
		case r < 0x1100:
			sum += 650
		case r >= 0x2000 && r < 0x2E80: // signs
			sum += 850
		default: // East Asian letters, and pictures
			sum += 1000
		}
	}
	if bold {
		sum *= bolder
	}
	return sum * size * roomier / 1000
}
