// Package agreement says how far two readers agree beyond chance.
//
// Cohen's kappa compares the share of items on which two readers agree with the share
// on which they would by chance, each keeping to how often they give each answer:
// J. Cohen, "A coefficient of agreement for nominal scales", Educational and
// Psychological Measurement 20 (1960) 37–46, doi:10.1177/001316446002000104. It is 1
// for full agreement, 0 for what chance gives, and below 0 for less than that. It says
// nothing of who is right.
package agreement

import "math"

// A Kappa is the agreement of two readers.
type Kappa struct {
	N        int     // items that both read
	Observed float64 // share on which they agree, 0 to 1
	Expected float64 // share on which they would by chance
	Kappa    float64 // NaN where there is no item, or where chance alone agrees on all
	Low      float64 // the 95 % confidence interval by the standard error of Cohen (1960), kept within -1 and 1; NaN where Kappa is
	High     float64
}

// normal95 is the 97.5 % quantile of the standard normal distribution.
const normal95 = 1.959963984540054

// Cohen returns the agreement over items, each given as the two readers' answers.
func Cohen(items [][2]string) Kappa {
	k := Kappa{N: len(items), Observed: math.NaN(), Expected: math.NaN(), Kappa: math.NaN(), Low: math.NaN(), High: math.NaN()}
	if k.N == 0 {
		return k
	}
	n := float64(k.N)
	same := 0
	var order []string // of answers, so that sums come out the same every time
	counts := map[string][2]int{}
	for _, it := range items {
		if it[0] == it[1] {
			same++
		}
		for i, answer := range it {
			c, known := counts[answer]
			if !known {
				order = append(order, answer)
			}
			c[i]++
			counts[answer] = c
		}
	}
	k.Observed, k.Expected = float64(same)/n, 0
	for _, answer := range order {
		c := counts[answer]
		k.Expected += float64(c[0]) / n * float64(c[1]) / n
	}
	if k.Expected >= 1 {
		return k
	}
	k.Kappa = (k.Observed - k.Expected) / (1 - k.Expected)
	half := normal95 * math.Sqrt(k.Observed*(1-k.Observed)/(n*(1-k.Expected)*(1-k.Expected)))
	k.Low, k.High = max(k.Kappa-half, -1), min(k.Kappa+half, 1)
	return k
}
