/** The first program to read: a publisher and a slow subscriber, two nodes apart, and the credit between them. */
@NullMarked
package io.weir.samples.quickstart;

import org.jspecify.annotations.NullMarked;
