package spark

import (
	"strconv"
	"strings"
	"time"

	"github.com/millrace/millrace"
)

// count writes a number that a field governs; zero writes nothing. So do the
// others below.
func (s *settings) count(field, key string, n int32) {
	if n != 0 {
		s.set(field, key, decimal(n))
	}
}

func (s *settings) size(field, key string, b millrace.Bytes) {
	if b != 0 {
		s.set(field, key, b.JVM())
	}
}

func (s *settings) flag(field, key string, b *bool) {
	if b != nil {
		s.set(field, key, strconv.FormatBool(*b))
	}
}

func (s *settings) factor(field, key string, f float64) {
	if f != 0 {
		s.set(field, key, strconv.FormatFloat(f, 'f', -1, 64))
	}
}

func (s *settings) text(field, key, value string) {
	if value != "" {
		s.set(field, key, value)
	}
}

func (s *settings) duration(field, key string, d time.Duration) {
	switch {
	case d == 0:
	case d%time.Second == 0:
		s.set(field, key, seconds(d))
	default:
		s.set(field, key, strconv.FormatInt(d.Milliseconds(), 10)+"ms")
	}
}

// countField is a field that holds a number.
type countField struct {
	field string
	value int32
}

// counts reports numbers below zero.
func (c partCheck) counts(all ...countField) {
	for _, n := range all {
		if n.value < 0 {
			c.Invalid(c.field(n.field), n.value, "less than one", "use at least 1")
		}
	}
}

// sizeField is a field that holds a size.
type sizeField struct {
	field string
	value millrace.Bytes
}

// sizes reports what are no sizes of at least one MiB.
func (c partCheck) sizes(all ...sizeField) {
	for _, b := range all {
		if b.value != 0 {
			checkSize(c.Problems, c.field(b.field), b.value, millrace.MiB)
		}
	}
}

// text reports white space, which no host, name or path here holds.
func (c partCheck) text(field, value, example string) {
	if strings.ContainsAny(value, " \t\r\n,") {
		c.Invalid(c.field(field), value, "holds white space or a comma", "write it as "+example)
	}
}

// said returns what the user's own settings say, and where.
func (j *Job) said(key string) (value, at string) {
	name, hadoop := strings.CutPrefix(key, hadoopPrefix)
	for _, conf := range []struct {
		at     string
		values map[string]string
		key    string
		is     bool
	}{
		{"Conf", j.Conf, key, true}, {"Base.SparkConf", j.Base.SparkConf, key, true},
		{"HadoopConf", j.HadoopConf, name, hadoop}, {"Base.HadoopConf", j.Base.HadoopConf, name, hadoop},
	} {
		if v, ok := conf.values[conf.key]; ok && conf.is {
			return v, conf.at + "[" + conf.key + "]"
		}
	}
	return "", ""
}

// volume reports a volume's name or path that the user's own fields hold as
// well.
func (c partCheck) volume(r role, v Volume) {
	for _, own := range c.job.ownPod(r).volumes {
		if own.name() == v.name() || own.Path == v.Path {
			c.Conflict(r.field()+".Volumes["+own.Name+"]", "the field "+c.at+" mounts "+v.name()+" at "+v.Path, "rename it, and mount it elsewhere")
		}
	}
}
