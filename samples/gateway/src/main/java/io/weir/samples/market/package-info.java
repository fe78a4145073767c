/** What both services know: what goes over the wire, and the id that goes with it. */
package io.weir.samples.market;
