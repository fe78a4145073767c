package io.weir.benchmarks.load;

import io.weir.benchmarks.run.PeerFailure;
import java.io.IOException;
import java.util.List;

/** One kind of load. */
interface Load {

    /** Runs it; what must hold whatever the machine, such as sums that add up, fails it. */
    List<Finding> run() throws IOException, PeerFailure, InterruptedException;
}
