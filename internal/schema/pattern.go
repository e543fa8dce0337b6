package schema

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// maxStates bounds the table of a pattern; one that needs more is left to
// package regexp.
const maxStates = 500

// pattern is a regular expression as a table that takes one step for each byte.
// CRDs hold most of their strings to patterns, and package regexp would take
// longer than all the rest of a check.
type pattern struct {
	re      *regexp.Regexp
	classes [256]uint8 // of bytes that the pattern doesn't tell apart; 0 is all that is not ASCII
	next    []uint32   // state + class: the state after; a state is the place of its class 0
	final   []verdict  // by place of a state: what it says where the text ends
}

// verdict is what a state says of a text that ends there.
type verdict uint8

const (
	no verdict = iota
	yes
	foreign // the text is not ASCII: package regexp must tell
)

// newPattern compiles an expression. It returns an error where package regexp
// would.
func newPattern(expr string) (*pattern, error) {
	re, err := regexp.Compile(expr)
	if err != nil {
		return nil, err
	}
	p := &pattern{re: re}
	parsed, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, err
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, err
	}
	p.build(prog)
	return p, nil
}

// match reports whether the text contains a match, as regexp's MatchString does.
func (p *pattern) match(s string) bool {
	if p.next == nil {
		return p.re.MatchString(s)
	}
	state := uint32(0)
	for i := range len(s) {
		state = p.next[state+uint32(p.classes[s[i]])]
	}
	if v := p.final[state]; v != foreign {
		return v == yes
	}
	return p.re.MatchString(s)
}

// build makes the table, or leaves it out where the pattern looks at words or
// lines, or has too many states.
func (p *pattern) build(prog *syntax.Prog) {
	for i := range prog.Inst {
		in := &prog.Inst[i]
		if in.Op == syntax.InstEmptyWidth && syntax.EmptyOp(in.Arg)&^(syntax.EmptyBeginText|syntax.EmptyEndText) != 0 {
			return
		}
	}
	symbols := p.classify(prog)
	width := uint32(len(symbols) + 1)
	// State 0 is the beginning, state 1 that of texts which are not ASCII.
	states := [][]uint32{closure(prog, []uint32{uint32(prog.Start)}, syntax.EmptyBeginText), nil}
	again := closure(prog, []uint32{uint32(prog.Start)}, 0) // a match may begin anywhere
	var next []uint32
	for at := 0; at < len(states); at++ {
		next = append(next, width)
		for _, b := range symbols {
			i := at
			// What has matched has matched, whatever follows.
			if at != 1 && !matches(prog, states[at]) {
				to := advance(prog, states[at], b, again)
				// Never back to the beginning, nor to what isn't ASCII.
				if i = 2 + slices.IndexFunc(states[2:], func(s []uint32) bool { return slices.Equal(s, to) }); i < 2 {
					i = len(states)
					states = append(states, to)
				}
			}
			next = append(next, uint32(i)*width)
		}
		if len(states) > maxStates {
			return
		}
	}
	p.next, p.final = next, make([]verdict, len(next))
	for i, s := range states {
		flags := syntax.EmptyEndText
		if i == 0 {
			flags |= syntax.EmptyBeginText
		}
		if matches(prog, closure(prog, s, flags)) {
			p.final[uint32(i)*width] = yes
		}
	}
	p.final[width] = foreign
}

// advance returns the state after a byte.
func advance(prog *syntax.Prog, state []uint32, b byte, again []uint32) []uint32 {
	var after []uint32
	for _, pc := range state {
		if in := &prog.Inst[pc]; consumes(in) && in.MatchRune(rune(b)) {
			after = append(after, in.Out)
		}
	}
	return closure(prog, append(after, again...), 0)
}

// classify numbers the bytes that the pattern tells apart, and returns one byte
// of each class.
func (p *pattern) classify(prog *syntax.Prog) (symbols []byte) {
	known := map[string]uint8{}
	for b := range byte(utf8.RuneSelf) {
		var key []byte
		for i := range prog.Inst {
			if in := &prog.Inst[i]; consumes(in) {
				bit := byte('0')
				if in.MatchRune(rune(b)) {
					bit = '1'
				}
				key = append(key, bit)
			}
		}
		class, ok := known[string(key)]
		if !ok {
			class = uint8(len(known) + 1)
			known[string(key)] = class
			symbols = append(symbols, b)
		}
		p.classes[b] = class
	}
	return symbols
}

func consumes(in *syntax.Inst) bool {
	switch in.Op {
	case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
		return true
	}
	return false
}

func matches(prog *syntax.Prog, state []uint32) bool {
	return slices.ContainsFunc(state, func(pc uint32) bool { return prog.Inst[pc].Op == syntax.InstMatch })
}

// closure follows the instructions that read nothing, and returns those that
// read, match, or wait for the end of the text, sorted.
func closure(prog *syntax.Prog, from []uint32, flags syntax.EmptyOp) []uint32 {
	seen := map[uint32]bool{}
	var out []uint32
	for todo := slices.Clone(from); len(todo) > 0; {
		pc := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[pc] {
			continue
		}
		seen[pc] = true
		in := &prog.Inst[pc]
		switch in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			todo = append(todo, in.Out, in.Arg)
		case syntax.InstCapture, syntax.InstNop:
			todo = append(todo, in.Out)
		case syntax.InstEmptyWidth:
			want := syntax.EmptyOp(in.Arg)
			if want&^flags == 0 {
				todo = append(todo, in.Out)
			} else if want&syntax.EmptyBeginText == 0 || flags&syntax.EmptyBeginText != 0 {
				out = append(out, pc) // perhaps the text ends here
			}
		case syntax.InstFail:
		default:
			out = append(out, pc)
		}
	}
	slices.Sort(out)
	return out
}
