package page

import "html/template"

var functions = template.FuncMap{}
