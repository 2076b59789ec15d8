"""Files of units, people, offices, domiciles and rotas: read, checked row by row, and carried out whole or not at all."""
