package io.weir.benchmarks.result;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** The columns of a table that has a row for each peer. */
final class CellTable {
    private static final String FAILED = "failed";
    private static final String NOTHING = "-";

    private final List<Column> columns = new ArrayList<>();

    private record Column(String heading, Function<CellResult, String> value) {}

    /** Adds a column, with what it has for a cell that was measured. */
    CellTable column(String heading, Function<CellResult, String> value) {
        columns.add(new Column(heading, value));
        return this;
    }

    /** The table of these cells; of those that were not measured it says no more than that they failed. */
    Table of(List<CellResult> cells, Predicate<CellResult> measured) {
        List<String> headings = new ArrayList<>(List.of("peer"));
        columns.forEach(column -> headings.add(column.heading()));
        Table table = new Table(headings.toArray(String[]::new));
        for (CellResult cell : cells) {
            table.row(row(cell, measured.test(cell)));
        }
        return table;
    }

    private String[] row(CellResult cell, boolean measured) {
        List<String> row = new ArrayList<>(List.of(cell.peer()));
        for (Column column : columns) {
            row.add(measured ? column.value().apply(cell) : row.size() == 1 ? FAILED : NOTHING);
        }
        return row.toArray(String[]::new);
    }
}
