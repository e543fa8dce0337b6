package workflow

// Expression is the variable as a part of expressions. The methods of this file
// are short for those of it.
func (v Variable) Expression() Expression { return Value(v) }

// Equal is Expression().Equal: see there.
func (v Variable) Equal(x any) Expression { return Value(v).Equal(x) }

// NotEqual is Expression().NotEqual: see there.
func (v Variable) NotEqual(x any) Expression { return Value(v).NotEqual(x) }

// Less is Expression().Less: see there.
func (v Variable) Less(x any) Expression { return Value(v).Less(x) }

// LessOrEqual is Expression().LessOrEqual: see there.
func (v Variable) LessOrEqual(x any) Expression { return Value(v).LessOrEqual(x) }

// Greater is Expression().Greater: see there.
func (v Variable) Greater(x any) Expression { return Value(v).Greater(x) }

// GreaterOrEqual is Expression().GreaterOrEqual: see there.
func (v Variable) GreaterOrEqual(x any) Expression { return Value(v).GreaterOrEqual(x) }

// In is Expression().In: see there.
func (v Variable) In(values ...any) Expression { return Value(v).In(values...) }

// Contains is Expression().Contains: see there.
func (v Variable) Contains(x any) Expression { return Value(v).Contains(x) }

// StartsWith is Expression().StartsWith: see there.
func (v Variable) StartsWith(x any) Expression { return Value(v).StartsWith(x) }

// EndsWith is Expression().EndsWith: see there.
func (v Variable) EndsWith(x any) Expression { return Value(v).EndsWith(x) }

// Matches is Expression().Matches: see there.
func (v Variable) Matches(pattern string) Expression { return Value(v).Matches(pattern) }

// Int is Expression().Int: see there.
func (v Variable) Int() Expression { return Value(v).Int() }

// Float is Expression().Float: see there.
func (v Variable) Float() Expression { return Value(v).Float() }

// JSONPath is Expression().JSONPath: see there.
func (v Variable) JSONPath(path string) Expression { return Value(v).JSONPath(path) }

// Upper is Expression().Upper: see there.
func (v Variable) Upper() Expression { return Value(v).Upper() }

// Lower is Expression().Lower: see there.
func (v Variable) Lower() Expression { return Value(v).Lower() }

// Trim is Expression().Trim: see there.
func (v Variable) Trim() Expression { return Value(v).Trim() }
