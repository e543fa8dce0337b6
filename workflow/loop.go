package workflow

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Loop is what a task is repeated over. The types of this package implement
// it, and no others can: Items, Over and Sequence.
type Loop interface {
	loop(c *caller, to *invocation)
}

// Items are the items themselves: texts, numbers, truth values, lists, or maps
// of them. They may hold references.
//
// Rendered as withItems.
type Items []any

// Over is a list that is known only when the workflow runs: a reference to a
// JSON list, such as the Result of a task.
//
// Rendered as withParam.
type Over string

// Sequence is a row of whole numbers, upwards or downwards. Numbers may be
// references.
//
// Rendered as withSequence.
type Sequence struct {
	// Start is the first number. Empty means 0.
	//
	// Rendered as withSequence.start.
	Start string
	// End is the last number, Count how many there are; one of them is set.
	//
	// Rendered as withSequence.end and withSequence.count.
	End, Count string
	// Format is how each number is written, in the way of Go's fmt: "node-%02d".
	// Empty means "%d".
	//
	// Rendered as withSequence.format.
	Format string
}

// loop implements Loop.
func (l Items) loop(c *caller, to *invocation) {
	field := c.field + ".Loop"
	if len(l) == 0 {
		c.Required(field, "give it an item: Argo takes an empty list for no loop at all")
	}
	for i, item := range l {
		text, err := json.Marshal(item)
		if err != nil || string(text) == "null" {
			c.Invalid(at(field, i), fmt.Sprint(item), "it is no value of JSON", "use a text, a number, a truth value, a list or a map")
			continue
		}
		to.withItems = append(to.withItems, wfv1.Item{Value: c.item(at(field, i), text)})
	}
}

// item resolves the texts of an item one by one: in its JSON the quotes of
// their expressions are escaped.
func (c *caller) item(field string, text []byte) []byte {
	if !bytes.Contains(text, []byte("{{")) {
		return text
	}
	var tree any
	numbers := json.NewDecoder(bytes.NewReader(text))
	numbers.UseNumber()
	if err := numbers.Decode(&tree); err != nil {
		return text // json.Marshal wrote it
	}
	out, err := json.Marshal(c.itemTexts(field, tree))
	if err != nil {
		return text
	}
	return out
}

func (c *caller) itemTexts(field string, v any) any {
	switch v := v.(type) {
	case string:
		return c.plainText(field, v, c.over)
	case []any:
		for i := range v {
			v[i] = c.itemTexts(field, v[i])
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			c.plainText(field, key, c.over) // for what is wrong with it
			v[key] = c.itemTexts(field, v[key])
		}
	}
	return v
}

// over is the resolver for what the loop goes over. The item there is that of
// a loop around.
func (c *caller) over(v Variable) (Variable, *misuse) {
	if root, _, _ := strings.Cut(string(v), "."); root == "item" {
		return c.scope.resolve(v)
	}
	return c.resolve(v)
}

// loop implements Loop.
func (l Over) loop(c *caller, to *invocation) {
	if l == "" {
		c.Required(c.field+".Loop", "say over which list")
	}
	to.withParam = c.plainText(c.field+".Loop", string(l), c.over)
}

// loop implements Loop.
func (l Sequence) loop(c *caller, to *invocation) {
	field := c.field + ".Loop"
	switch {
	case l.End == "" && l.Count == "":
		c.Required(field+".Count", "say how many numbers there are, or where they end in End")
	case l.End != "" && l.Count != "":
		c.Conflict(field+".Count", "the sequence has an end, too", "set one of End and Count")
	}
	if !refers(l.Format) && strings.Contains(fmt.Sprintf(cmp.Or(l.Format, "%d"), 1), "%!") {
		c.Invalid(field+".Format", l.Format, "no whole number can be written in it", `use one verb for whole numbers, such as "node-%02d"`)
	}
	number := func(name, text string) *intstr.IntOrString {
		if text == "" {
			return nil
		}
		return new(intstr.Parse(c.plainText(field+"."+name, text, c.over)))
	}
	to.withSequence = &wfv1.Sequence{
		Start: number("Start", l.Start), End: number("End", l.End), Count: number("Count", l.Count),
		Format: c.plainText(field+".Format", l.Format, c.over),
	}
}
