package assess

// Compose is compose, for tests of the maps it returns.
var Compose = compose
