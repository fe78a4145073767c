package io.weir.samples.cli.peers;

import io.weir.core.identity.PeerId;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** Peers in columns, no wider and no longer than a terminal. */
final class PeersTable {

    private static final List<String> HEADINGS = List.of("PEER", "KEY", "STATE", "SINCE", "ROUND TRIP");
    private static final String GAP = "  ";
    private static final int LEAST_LINES = 3;
    private static final int BRIEF_KEY_LENGTH = 8;

    /** Now, by the clock that counts and by the one on the wall, which people there read. */
    record Moment(long nanos, Instant wall, ZoneId zone) {}

    private final int columns;
    private final int lines;

    /** The last column and the last line of the terminal stay free: some of them scroll as soon as these are written. */
    PeersTable(int columns, int lines) {
        this.columns = Math.max(0, columns - 1);
        this.lines = Math.max(LEAST_LINES, lines - 1);
    }

    /**
     * The heading, then a line for each; those for whom there is no room are counted. Keys are cut to their beginnings where
     * the terminal is too narrow for whole ones.
     */
    List<String> draw(Collection<PeerView> peers, Moment now) {
        int room = peers.size() < lines ? peers.size() : lines - 2;
        List<PeerView> shown = peers.stream().limit(room).toList();
        List<String> drawn = rows(shown, now, PeerId.TEXT_LENGTH);
        if (drawn.stream().anyMatch(line -> line.length() > columns)) {
            drawn = rows(shown, now, BRIEF_KEY_LENGTH);
        }
        if (room < peers.size()) {
            drawn.add("... and " + (peers.size() - room) + " more");
        }
        return drawn.stream().map(this::cut).toList();
    }

    private static List<String> rows(List<PeerView> peers, Moment now, int keyLength) {
        List<List<String>> cells = new ArrayList<>();
        cells.add(HEADINGS);
        for (PeerView peer : peers) {
            String key = peer.key();
            cells.add(List.of(
                    peer.name(),
                    key.substring(0, Math.min(key.length(), keyLength)),
                    peer.standing(now.nanos()),
                    peer.since(now.wall(), now.zone()),
                    peer.roundTrip()));
        }
        int[] widths = IntStream.range(0, HEADINGS.size())
                .map(column -> cells.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        List<String> drawn = new ArrayList<>();
        cells.forEach(row -> drawn.add(joined(row, widths)));
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
        return line.substring(0, Math.min(line.length(), columns)).stripTrailing();
    }
}
