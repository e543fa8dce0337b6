package kafka

import (
	"maps"
	"slices"
)

// Converter turns the keys or the values of records into what connectors work
// with, and back.
type Converter struct {
	// Class is the name of the class, such as one of the constants. Others must
	// be in a plugin.
	Class string

	// Config are its settings, such as "schemas.enable": "false" for
	// JSONConverter.
	Config map[string]string
}

// The converters that Kafka has itself.
const (
	JSONConverter      = "org.apache.kafka.connect.json.JsonConverter"
	StringConverter    = "org.apache.kafka.connect.storage.StringConverter"
	ByteArrayConverter = "org.apache.kafka.connect.converters.ByteArrayConverter"
)

// set writes the converter of keys or values.
func (c Converter) set(s *settings, field, key string) {
	s.word(field+".Class", key, c.Class)
	for _, name := range slices.Sorted(maps.Keys(c.Config)) {
		s.set(at(field+".Config", name), key+"."+name, c.Config[name])
	}
	if c.Class == "" && len(c.Config) > 0 {
		s.problems.Required(field+".Class", "name the class that the settings are for")
	}
}
