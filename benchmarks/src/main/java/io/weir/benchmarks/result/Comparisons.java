package io.weir.benchmarks.result;

import io.weir.benchmarks.measure.Figure;
import io.weir.benchmarks.measure.Ratios;
import java.util.Locale;
import java.util.Optional;

/** How the tables show a cell beside the subject. */
final class Comparisons {
    private final Results results;

    Comparisons(Results results) {
        this.results = results;
    }

    /** The heading of a column of ratios. */
    String heading(Figure figure) {
        return figure.id() + " " + results.run().subject() + " / peer:";
    }

    /** The median ratio with its spread, for example {@code 0.97x ±2.1 %}, with {@code noisy} behind it if it is. */
    String ratio(Figure figure, CellResult cell) {
        return results.ratios(figure, cell).map(this::text).orElse("-");
    }

    /** The same of ratios at hand. */
    String text(Ratios ratios) {
        return Units.ratio(ratios.median()) + " " + spread(ratios);
    }

    /** Calls for 10^6 bytes of payload of the sender and the receiver. */
    static String callsPerMegabyte(CellResult cell) {
        return calls(cell.extras()
                .systemCalls()
                .map(calls -> Units.three(calls.senderPerMegabyte()) + " + " + Units.three(calls.receiverPerMegabyte())
                        + mark(calls)));
    }

    /** Calls for a thousand elements, or for one request, of the sender and the receiver. */
    static String callsPer(int elements, CellResult cell) {
        return calls(cell.extras()
                .systemCalls()
                .map(calls -> Units.three(calls.senderPerElement() * elements) + " + "
                        + Units.three(calls.receiverPerElement() * elements) + mark(calls)));
    }

    /** Share of a processor that both processes used while paused. */
    static String idle(CellResult cell) {
        return String.format(Locale.ROOT, "%.1f %%", cell.extras().idleShare() * 100);
    }

    private String spread(Ratios ratios) {
        String noisy = results.run().rounds().isNoisy(ratios) ? " noisy" : "";
        return Double.isInfinite(ratios.spread())
                ? "±? noisy"
                : String.format(Locale.ROOT, "±%.1f %%%s", ratios.spread() * 100, noisy);
    }

    private static String calls(Optional<String> text) {
        return text.orElse("-");
    }

    private static String mark(CountedCalls calls) {
        return calls.tool().equals("strace") ? " (strace)" : "";
    }
}
