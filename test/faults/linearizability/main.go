// Checks whether histories of PATCH requests are linearizable: whether an order of the requests exists, consistent with real
// time, in which a service that applies them one by one would have returned the same responses.
//
// Reads a JSON list of histories from standard input and prints a JSON list of verdicts: "Ok", "Illegal" or "Unknown".
package main

import (
	"encoding/json"
	"log"
	"os"
	"reflect"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"
)

type Record struct {
	Version int               `json:"version"`
	Fields  map[string]string `json:"fields"`
}

// The stored records by name.
type State map[string]Record

type Patch struct {
	Record string            `json:"record"`
	Set    map[string]string `json:"set"`
	// The versions in If-Match; nil without that header.
	IfMatch []int `json:"ifMatch"`
}

type Response struct {
	// 0 if the response is unknown: the request was applied once or not at all. 204 if it was applied, and the record is unknown.
	Status int    `json:"status"`
	Record Record `json:"record"`
}

type Operation struct {
	Call     int64    `json:"call"`
	Return   int64    `json:"return"`
	Patch    Patch    `json:"patch"`
	Response Response `json:"response"`
}

type History struct {
	Initial State `json:"initial"`
	// The fields whose values no two records may share.
	Unique     map[string]Rule `json:"unique"`
	Operations []Operation     `json:"operations"`
}

// How the values of a unique field are compared.
type Rule struct {
	IgnoresCase bool `json:"ignoresCase"`
}

// The possible states of the service after this request and this response; none if the response is impossible.
func step(unique map[string]Rule, state State, patch Patch, response Response) []interface{} {
	record, exists := state[patch.Record]
	if !exists {
		return when(response.Status == 404, state)
	}
	after := apply(record, patch.Set)
	isDone := reflect.DeepEqual(after.Fields, record.Fields)
	isExpected := patch.IfMatch == nil || contains(patch.IfMatch, record.Version)
	isTaken := takesAnothers(unique, state, patch)

	switch response.Status {
	case 0:
		if isDone || !isExpected || isTaken {
			return when(true, state)
		}
		return []interface{}{state, with(state, patch.Record, after)}
	case 200:
		if isDone {
			return when(agrees(response.Record, record), state)
		}
		return when(isExpected && !isTaken && agrees(response.Record, after), with(state, patch.Record, after))
	case 204:
		if isDone {
			return when(true, state)
		}
		return when(isExpected && !isTaken, with(state, patch.Record, after))
	case 412:
		return when(!isDone && !isExpected && response.Record.Version == record.Version, state)
	case 409:
		return when(!isDone && isExpected && isTaken, state)
	}
	return nil
}

func apply(record Record, set map[string]string) Record {
	fields := map[string]string{}
	for name, value := range record.Fields {
		fields[name] = value
	}
	for name, value := range set {
		fields[name] = value
	}
	return Record{Version: record.Version + 1, Fields: fields}
}

func contains(versions []int, version int) bool {
	for _, one := range versions {
		if one == version {
			return true
		}
	}
	return false
}

// Whether a response shows a record. It may leave out fields.
func agrees(shown, record Record) bool {
	for name, value := range shown.Fields {
		if record.Fields[name] != value {
			return false
		}
	}
	return shown.Version == record.Version
}

func takesAnothers(unique map[string]Rule, state State, patch Patch) bool {
	for field, rule := range unique {
		wanted := patch.Set[field]
		for name, record := range state {
			if wanted != "" && name != patch.Record && rule.same(record.Fields[field], wanted) {
				return true
			}
		}
	}
	return false
}

func (rule Rule) same(one, other string) bool {
	return one == other || rule.IgnoresCase && strings.EqualFold(one, other)
}

func with(state State, name string, record Record) State {
	changed := State{}
	for other, stored := range state {
		changed[other] = stored
	}
	changed[name] = record
	return changed
}

func when(isPossible bool, state State) []interface{} {
	if !isPossible {
		return nil
	}
	return []interface{}{state}
}

func check(history History) porcupine.CheckResult {
	model := porcupine.NondeterministicModel{
		Init: func() []interface{} { return []interface{}{history.Initial} },
		Step: func(state, input, output interface{}) []interface{} {
			return step(history.Unique, state.(State), input.(Patch), output.(Response))
		},
		Equal: func(a, b interface{}) bool { return reflect.DeepEqual(a, b) },
	}
	operations := make([]porcupine.Operation, 0, len(history.Operations))
	for _, one := range history.Operations {
		operations = append(operations, porcupine.Operation{
			Call: one.Call, Return: one.Return, Input: one.Patch, Output: one.Response,
		})
	}
	return porcupine.CheckOperationsTimeout(model.ToModel(), operations, time.Minute)
}

func main() {
	var histories []History
	if err := json.NewDecoder(os.Stdin).Decode(&histories); err != nil {
		log.Fatal(err)
	}
	verdicts := []porcupine.CheckResult{}
	for _, history := range histories {
		verdicts = append(verdicts, check(history))
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdicts); err != nil {
		log.Fatal(err)
	}
}
