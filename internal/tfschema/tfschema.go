// Package tfschema knows what Terraform's providers take as arguments of the
// resources that node pools render, for tests: what a pool rendered is decoded
// by it, and an oracle makes providers of it, which Terraform itself asks.
//
// facts.txt is made from the providers' own schemas, later.txt has what came
// after them, and values.txt what they check beside types.
package tfschema

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

//go:embed facts.txt
var facts string

//go:embed later.txt
var later string

//go:embed values.txt
var values string

// A Resource is a resource of a provider, or a data source.
type Resource struct {
	// Name is the type: google_container_node_pool.
	Name string
	// Data tells data sources.
	Data bool
	// Later names the arguments and blocks at the top that came after the
	// version of the facts.
	Later []string
	Block
}

// A Block is what is between two braces.
type Block struct {
	// Name is the block's type, and empty for a resource.
	Name string
	// Required is the provider's word for at least one.
	Required bool
	// Many tells blocks that may repeat, at most Most times if that isn't 0.
	Many bool
	Most int

	Attributes []*Attribute
	Blocks     []*Block
}

// An Attribute is an argument with a value.
type Attribute struct {
	Name     string
	Type     cty.Type
	Required bool
	Check    Check
}

// A Check is what a provider wants of a value, beside its type.
type Check struct {
	// OneOf are the values that are possible, and nil means any.
	OneOf []string
	// Least and Most bound a number, where they are not nil.
	Least, Most *int64
	// Length says that they bound the length of a string.
	Length bool
}

// Resources returns all that is known, by the types' names.
func Resources() (map[string]*Resource, error) {
	out := map[string]*Resource{}
	for _, table := range []struct {
		text  string
		later bool
	}{{facts, false}, {later, true}} {
		if err := read(out, table.text, table.later); err != nil {
			return nil, err
		}
	}
	return out, readValues(out)
}

// lines returns a table's lines without comments, and their numbers.
func lines(text string) func(yield func(int, string) bool) {
	return func(yield func(int, string) bool) {
		n := 0
		for line := range strings.Lines(text) {
			n++
			line = strings.TrimRight(line, "\n")
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			if !yield(n, line) {
				return
			}
		}
	}
}

// read reads a table of arguments. Lines are indented by two blanks for each
// block that they are in.
func read(out map[string]*Resource, text string, later bool) error {
	var resource *Resource
	var open []*Block
	for n, line := range lines(text) {
		words := strings.Fields(line)
		depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
		if depth > len(open) || len(words) < 2 || depth == 0 && len(words) != 2 {
			return fmt.Errorf("line %d: %s", n, line)
		}
		open = open[:depth]
		if depth == 0 {
			if resource = out[words[1]]; resource == nil {
				resource = &Resource{Name: words[1], Data: words[0] == "data"}
				out[words[1]] = resource
			}
			open = append(open, &resource.Block)
			continue
		}
		if later && depth == 1 {
			resource.Later = append(resource.Later, words[0])
		}
		in, required := open[depth-1], len(words) > 2 && words[2] == "required"
		if kind, ok := types[words[1]]; ok {
			in.Attributes = append(in.Attributes, &Attribute{Name: words[0], Type: kind, Required: required})
			continue
		}
		if words[1] != "block" && words[1] != "blocks" {
			return fmt.Errorf("line %d: unknown type %s", n, words[1])
		}
		block := &Block{Name: words[0], Many: words[1] == "blocks", Required: required}
		in.Blocks = append(in.Blocks, block)
		open = append(open, block)
	}
	return nil
}

// types are those that facts.txt has.
var types = map[string]cty.Type{
	"bool": cty.Bool, "number": cty.Number, "string": cty.String,
	"list(string)": cty.List(cty.String), "set(string)": cty.Set(cty.String), "map(string)": cty.Map(cty.String),
	"list(number)": cty.List(cty.Number),
}

// readValues reads what the providers check.
func readValues(of map[string]*Resource) error {
	for n, line := range lines(values) {
		name, rest, _ := strings.Cut(line, " ")
		path, check, ok := strings.Cut(rest, ": ")
		if !ok || of[name] == nil {
			return fmt.Errorf("values.txt:%d: %s", n, line)
		}
		if err := of[name].check(strings.Split(path, "."), check); err != nil {
			return fmt.Errorf("values.txt:%d: %w", n, err)
		}
	}
	return nil
}

// check sets a check where a path leads to.
func (b *Block) check(path []string, check string) error {
	named := func(in *Block) bool { return in.Name == path[0] }
	if i := slices.IndexFunc(b.Blocks, named); i >= 0 {
		if len(path) > 1 {
			return b.Blocks[i].check(path[1:], check)
		}
		most, err := strconv.Atoi(strings.TrimPrefix(check, "at most "))
		b.Blocks[i].Most = most
		return err
	}
	i := slices.IndexFunc(b.Attributes, func(a *Attribute) bool { return a.Name == path[0] })
	if i < 0 || len(path) > 1 {
		return fmt.Errorf("there is no %s", strings.Join(path, "."))
	}
	return b.Attributes[i].Check.read(check)
}

func (c *Check) read(text string) error {
	if text == "some" {
		text = "length 1.."
	}
	text, c.Length = strings.CutPrefix(text, "length ")
	least, most, bounds := strings.Cut(text, "..")
	if !bounds {
		c.OneOf = strings.Fields(text)
		return nil
	}
	for _, bound := range []struct {
		to   **int64
		text string
	}{{&c.Least, least}, {&c.Most, most}} {
		if bound.text == "" {
			continue
		}
		n, err := strconv.ParseInt(bound.text, 10, 64)
		if err != nil {
			return err
		}
		*bound.to = &n
	}
	return nil
}

// Verdict says what is wrong with a value, and nothing if it is right, or not
// known yet.
func (c Check) Verdict(v cty.Value) string {
	if v.IsNull() || !v.IsKnown() {
		return ""
	}
	if c.OneOf != nil {
		if slices.Contains(c.OneOf, v.AsString()) {
			return ""
		}
		return fmt.Sprintf("%q is none of %s", v.AsString(), strings.Join(c.OneOf, ", "))
	}
	what := "the value"
	if c.Length {
		v, what = cty.NumberIntVal(int64(len(v.AsString()))), "the length"
	}
	switch {
	case c.Least != nil && v.LessThan(cty.NumberIntVal(*c.Least)).True():
		return fmt.Sprintf("%s is less than %d", what, *c.Least)
	case c.Most != nil && v.GreaterThan(cty.NumberIntVal(*c.Most)).True():
		return fmt.Sprintf("%s is more than %d", what, *c.Most)
	}
	return ""
}
