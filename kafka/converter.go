package kafka

import (
	"maps"
	"slices"
)

// Converter turns the keys or the values of records into what connectors work
// with, and back.
//
// Rendered in spec.config, Class as key.converter or value.converter, and
// Config with that before each name.
type Converter struct {
	// Class is the name of the class, such as one of the constants. Others must
	// be in a plugin.
	//
	// Empty leaves it to Strimzi: JSONConverter.
	// Source: Strimzi, KafkaConnectConfiguration.java.
	Class string

	// Config are its settings: "schemas.enable": "false" has JSONConverter read
	// and write what others call JSON, without a schema in each record.
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
}
