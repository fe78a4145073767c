package io.weir.samples.cli.peers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** Peers in columns, no wider and no longer than a terminal. */
final class PeersTable {

    private static final List<String> HEADINGS = List.of("PEER", "STATE", "SINCE", "ROUND TRIP");
    private static final String GAP = "  ";
    private static final int LEAST_LINES = 3;

    private final int columns;
    private final int lines;

    /** The last column and the last line of the terminal stay free: some of them scroll as soon as these are written. */
    PeersTable(int columns, int lines) {
        this.columns = Math.max(0, columns - 1);
        this.lines = Math.max(LEAST_LINES, lines - 1);
    }

    /** The heading, then a line for each; those for whom there is no room are counted. */
    List<String> draw(Collection<PeerView> peers, long nowNanos) {
        int room = peers.size() < lines ? peers.size() : lines - 2;
        List<List<String>> cells = new ArrayList<>();
        cells.add(HEADINGS);
        peers.stream()
                .limit(room)
                .map(peer -> List.of(peer.name(), peer.state(nowNanos), peer.standing(nowNanos), peer.roundTrip()))
                .forEach(cells::add);
        int[] widths = IntStream.range(0, HEADINGS.size())
                .map(column -> cells.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        List<String> drawn = new ArrayList<>();
        cells.forEach(row -> drawn.add(cut(joined(row, widths))));
        if (room < peers.size()) {
            drawn.add(cut("... and " + (peers.size() - room) + " more"));
        }
        return drawn;
    }

    private static String joined(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(row.get(i))
                    .append(" ".repeat(widths[i] - row.get(i).length()))
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }

    private String cut(String line) {
        return line.substring(0, Math.min(line.length(), columns));
    }
}
