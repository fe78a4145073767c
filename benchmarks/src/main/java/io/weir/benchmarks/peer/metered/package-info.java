/** Weir with its meters. Apart from the peer without, which is compiled against builds that have none. */
@NullMarked
package io.weir.benchmarks.peer.metered;

import org.jspecify.annotations.NullMarked;
