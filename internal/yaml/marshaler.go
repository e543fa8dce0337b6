package yaml

import (
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"unicode/utf8"
)

var errUnexported = errors.New("marshaler in an unexported field")

// methods returns v as something that methods are called on: a pointer, which
// has those of pointer and value, if there is one.
func methods(v reflect.Value) (any, bool) {
	if !v.CanInterface() {
		return nil, false
	}
	if v.CanAddr() {
		v = v.Addr()
	}
	return v.Interface(), true
}

// encodeMarshaler writes what MarshalJSON returns.
func encodeMarshaler(w *writer, v reflect.Value) outcome {
	m, ok := methods(v)
	if !ok {
		return w.fail(errUnexported)
	}
	data, err := callMarshalJSON(m.(json.Marshaler))
	if err != nil {
		return w.fail(err)
	}
	if bytes.Equal(data, []byte("null")) {
		return absent
	}
	return w.decoded(data)
}

// encodeTextMarshaler writes what MarshalText returns, as a string.
func encodeTextMarshaler(w *writer, v reflect.Value) outcome {
	m, ok := methods(v)
	if !ok {
		return w.fail(errUnexported)
	}
	text, err := callMarshalText(m.(encoding.TextMarshaler))
	if err != nil {
		return w.fail(err)
	}
	return w.text(string(text))
}

// raw writes JSON that the user wrote. A null in it means something; no bytes
// at all are null as encoding/json has it.
func (w *writer) raw(data []byte) outcome {
	if len(data) == 0 {
		return absent
	}
	return w.decoded(data)
}

func (w *writer) decoded(data []byte) outcome {
	if !utf8.Valid(data) {
		return w.fail(errUTF8) // the decoder would replace it
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return w.fail(fmt.Errorf("not JSON: %w", err))
	}
	if _, err := d.Token(); err != io.EOF {
		return w.fail(errors.New("not JSON: more than one value"))
	}
	return w.any(tree)
}

func callMarshalJSON(m json.Marshaler) (data []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("MarshalJSON panics: %v", r)
		}
	}()
	return m.MarshalJSON()
}

func callMarshalText(m encoding.TextMarshaler) (text []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("MarshalText panics: %v", r)
		}
	}()
	return m.MarshalText()
}
