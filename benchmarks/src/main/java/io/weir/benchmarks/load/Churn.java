package io.weir.benchmarks.load;

import io.weir.benchmarks.measure.Summary;
import io.weir.benchmarks.peer.netty.Tls;
import io.weir.benchmarks.run.PeerFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Churn: connections that are made with full handshakes and closed, 16 at a time, by turns with raw TLS.
 *
 * @param rounds that count, beside two for warming up
 * @param time of each
 */
record Churn(int rounds, Duration time) implements Load {

    private static final String LOAD = "churn";
    private static final int WARM_UP_ROUNDS = 2;
    private static final double GOAL = 0.2;

    @Override
    public List<Finding> run() throws IOException, PeerFailure, InterruptedException {
        Tls.KeyPair client = Tls.newKeyPair();
        try (ServerProcess weirServer = ServerProcess.start("weir");
                ServerProcess tlsServer = ServerProcess.start("tls", client.fingerprint());
                Handshakes weir = new WeirHandshakes(weirServer.address());
                Handshakes tls = new TlsHandshakes(client, tlsServer.address())) {
            List<Double> ofWeir = new ArrayList<>();
            List<Double> ofTls = new ArrayList<>();
            List<Double> ratios = new ArrayList<>();
            for (int i = 0; i < WARM_UP_ROUNDS + rounds; i++) {
                double weirs = weir.perSecond(time);
                double raws = tls.perSecond(time);
                if (i >= WARM_UP_ROUNDS) {
                    ofWeir.add(weirs);
                    ofTls.add(raws);
                    ratios.add(weirs / raws);
                }
            }
            double ratio = median(ratios);
            return List.of(
                    Finding.told(LOAD, tls.name(), Figures.number(median(ofTls)) + " connects/s"),
                    new Finding(
                            LOAD,
                            weir.name(),
                            Figures.number(median(ofWeir)) + " connects/s, " + Figures.ratio(ratio),
                            ">= 0.2x",
                            ratio >= GOAL));
        }
    }

    private static double median(List<Double> values) {
        return Summary.of(values.stream().mapToDouble(value -> value).toArray()).median();
    }
}
