package edtf

import "regexp"

const wanted = "write 2015-10-15, 2015-10, 2015, 2015-10-15T08:21:00Z or 2015-10-01/2015-10-31"

// calendarForm is a day as calendars write it: 15/10/2015, 15.10.2015, 2015/10/15.
var calendarForm = regexp.MustCompile(`^\d{1,2}[./-]\d{1,2}[./-]\d{4}$|^\d{4}[./]\d{1,2}[./]\d{1,2}$`)

// mistakes are texts that people write for dates, and what to write instead.
var mistakes = []struct {
	form *regexp.Regexp
	mend string
}{
	{regexp.MustCompile(`^$`), "it is empty; " + wanted},
	{regexp.MustCompile(`^\.\.$`), "one .. is half an interval: write ../2015-10-31 or 2016-04-27/.."},
	{regexp.MustCompile(`^\d{8}$`), "write year, month and day with hyphens: 2015-10-15"},
	{regexp.MustCompile(`^Y?[+-]?\d{5,}`), "years are read from 0001 to 9999, with four digits"},
	{regexp.MustCompile(`^[Y+-]`), "years are read from 0001 to 9999, with four digits and no sign"},
	{regexp.MustCompile(`^\d{4}-\d\d-\d\d \d`), "put a T between day and hour: 2015-10-15T08:21:00Z"},
	{regexp.MustCompile(`^\d{4}-\d\d-\d\dT.*[~?%]$`), "a time of day takes no ~ ? %: write the day, as in 2015-10-15~"},
	{regexp.MustCompile(`^\d{4}-\d\d-\d\d[Tt]`), "a time is written 2015-10-15T08:21:00Z or 2015-10-15T11:21:00+03:00"},
	{regexp.MustCompile(`^\d{4}[~?%]?-\d\d[~?%]?(-\d\d)?[~?%]?$|^[~?%]`), "a ~ ? or % stands at the end, for the whole date: 2015-10-15~"},
	{regexp.MustCompile(`^\d{4}-\d{1,2}(-\d{1,2})?[~?%]?$`), "months and days have two digits: 2015-02-03"},
	{calendarForm, "write year, month and day with hyphens: 2015-10-15"},
	{regexp.MustCompile(`^[\[{]`), "sets of dates are not read: write the interval around them, 2015-10-01/2015-10-31"},
	{regexp.MustCompile(`(?i)^\d{2,4}[ux]+|-[ux]{2}|^x{4}`), "unspecified digits are a capital X at the end: 2015-10-XX, 2015-XX, 201X, 20XX"},
	{regexp.MustCompile(`[\x{2010}-\x{2015}\x{2212}]`), wanted + ", with plain hyphens"},
}

// mend says what to write in place of s.
func mend(s string) string {
	for _, m := range mistakes {
		if m.form.MatchString(s) {
			return m.mend
		}
	}
	return wanted
}
