package align

// Rise returns how much each frequency of a window counts.
var Rise = rise
