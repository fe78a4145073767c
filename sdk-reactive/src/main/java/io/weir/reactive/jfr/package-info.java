/** What a node does, as events of the JDK's Flight Recorder. */
@NullMarked
package io.weir.reactive.jfr;

import org.jspecify.annotations.NullMarked;
