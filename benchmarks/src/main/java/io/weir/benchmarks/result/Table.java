package io.weir.benchmarks.result;

import java.util.ArrayList;
import java.util.List;

/** A Markdown table whose columns are padded, so that it also reads well in a terminal. */
public final class Table {
    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    /** A table with these headings; a heading that ends in {@code :} makes its column right-aligned. */
    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    /** Adds a row with one cell for each heading. */
    public Table row(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException("cells = " + cells.length + ", legal: " + headings.size());
        }
        rows.add(List.of(cells));
        return this;
    }

    /** Whether there is no row. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The table, each line ended. */
    public String render() {
        int columns = headings.size();
        int[] widths = new int[columns];
        for (int column = 0; column < columns; column++) {
            widths[column] = Math.max(3, title(column).length());
            for (List<String> row : rows) {
                widths[column] =
                        Math.max(widths[column], escape(row.get(column)).length());
            }
        }
        StringBuilder out = new StringBuilder();
        out.append('|');
        for (int column = 0; column < columns; column++) {
            out.append(' ').append(pad(column, title(column), widths[column])).append(" |");
        }
        out.append("\n|");
        for (int column = 0; column < columns; column++) {
            out.append('-')
                    .append("-".repeat(widths[column]))
                    .append(isRight(column) ? ":" : "-")
                    .append('|');
        }
        out.append('\n');
        for (List<String> row : rows) {
            out.append('|');
            for (int column = 0; column < columns; column++) {
                out.append(' ')
                        .append(pad(column, escape(row.get(column)), widths[column]))
                        .append(" |");
            }
            out.append('\n');
        }
        return out.toString();
    }

    private String title(int column) {
        String heading = headings.get(column);
        return isRight(column) ? heading.substring(0, heading.length() - 1) : heading;
    }

    private boolean isRight(int column) {
        return headings.get(column).endsWith(":");
    }

    private String pad(int column, String text, int width) {
        String padding = " ".repeat(width - text.length());
        return isRight(column) ? padding + text : text + padding;
    }

    private static String escape(String text) {
        return text.replace("|", "\\|").replace('\n', ' ');
    }
}
