package picture

// colours are what a phase is drawn in: dark text on a light ground, so that
// it is read on any page, and hues that differ for people who don't tell red
// from green: blue-green, blue, yellow, vermilion and purple.
// Source of the hues: Okabe and Ito, Color Universal Design, lightened.
type colours struct{ fill, line, text string }

const (
	paper = "#ffffff"
	ink   = "#1f2328"
	faint = "#57606a"
	frame = "#8c959f"
)

func (p Phase) colours() colours {
	switch p {
	case Pending:
		return colours{"#fff8c5", "#9a6700", ink}
	case Running:
		return colours{"#d6ecff", "#0969da", ink}
	case Succeeded:
		return colours{"#d3f2e6", "#00795a", ink}
	case Skipped, Omitted:
		return colours{"#eaeef2", "#8c959f", "#424a53"}
	case Failed:
		return colours{"#ffdcc7", "#bc4c00", ink}
	case Error:
		return colours{"#f3d9ec", "#a0307e", ink}
	}
	return colours{"#f6f8fa", "#57606a", ink}
}

// phases are all that have colours of their own, in the order of a run.
var phases = [...]Phase{Pending, Running, Succeeded, Skipped, Omitted, Failed, Error}
