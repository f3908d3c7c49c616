//! Families of numbers, written down.

use std::fmt;

use latchkey_service::Distribution;
use prometheus_client::{
    encoding::{DescriptorEncoder, NoLabelSet},
    metrics::{MetricType, exemplar::Exemplar},
    registry::Unit,
};

/// A label and its value.
pub(super) type Label<'a> = (&'static str, &'a str);

/// No example of a request goes along with a number.
const NO_EXAMPLE: Option<&Exemplar<NoLabelSet, f64>> = None;

/// What families are written to.
pub(super) struct Sheet<'a>(pub(super) DescriptorEncoder<'a>);

impl Sheet<'_> {
    /// Numbers that only grow.
    pub(super) fn counters<'l, const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        rows: impl IntoIterator<Item = ([Label<'l>; N], u64)>,
    ) -> fmt::Result {
        let mut family = self.0.encode_descriptor(name, help, None, MetricType::Counter)?;
        for (labels, number) in rows {
            if N == 0 {
                family.encode_counter(&number, NO_EXAMPLE)?;
            } else {
                family.encode_family(&labels)?.encode_counter(&number, NO_EXAMPLE)?;
            }
        }
        Ok(())
    }

    /// Numbers that grow and shrink.
    pub(super) fn gauges<'l, const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        unit: Option<&Unit>,
        rows: impl IntoIterator<Item = ([Label<'l>; N], u64)>,
    ) -> fmt::Result {
        let mut family = self.0.encode_descriptor(name, help, unit, MetricType::Gauge)?;
        for (labels, number) in rows {
            if N == 0 {
                family.encode_gauge(&number)?;
            } else {
                family.encode_family(&labels)?.encode_gauge(&number)?;
            }
        }
        Ok(())
    }

    /// How values are spread. What was counted in microseconds is told in seconds.
    pub(super) fn histograms<'l, const N: usize>(
        &mut self,
        name: &str,
        help: &str,
        unit: Option<&Unit>,
        rows: impl IntoIterator<Item = ([Label<'l>; N], Distribution)>,
    ) -> fmt::Result {
        let parts = if matches!(unit, Some(Unit::Seconds)) { 1e6 } else { 1.0 };
        let mut family = self.0.encode_descriptor(name, help, unit, MetricType::Histogram)?;
        for (labels, found) in rows {
            let bounds = found.bounds.iter().map(|bound| told(*bound) / parts).chain([f64::INFINITY]);
            let buckets: Vec<_> = bounds.zip(found.counts.iter().copied()).collect();
            let (sum, count) = (told(found.sum) / parts, found.count());
            if N == 0 {
                family.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
            } else {
                family.encode_family(&labels)?.encode_histogram::<NoLabelSet>(sum, count, &buckets, None)?;
            }
        }
        Ok(())
    }
}

#[expect(clippy::cast_precision_loss, reason = "the format knows no other numbers, and nobody reads their last digits")]
fn told(number: u64) -> f64 {
    number as f64
}
