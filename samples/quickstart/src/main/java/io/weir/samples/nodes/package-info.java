/** One small program for each thing that a node, its streams and its codecs tell or take. */
@NullMarked
package io.weir.samples.nodes;

import org.jspecify.annotations.NullMarked;
