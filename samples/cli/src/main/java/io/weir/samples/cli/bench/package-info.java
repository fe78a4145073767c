/** What a path between two machines is worth: streams, requests and round trips, and the network's own rate beside them. */
@NullMarked
package io.weir.samples.cli.bench;

import org.jspecify.annotations.NullMarked;
