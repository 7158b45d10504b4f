using Npgsql;

namespace Actors.Durability.Tests;

public sealed class DurableStoreTests
{
    [Theory]
    [InlineData("23505", true)]
    [InlineData("23000", true)]
    [InlineData("40001", false)]
    [InlineData("", false)]
    public void IsDuplicateRecord_ByDefault_IsAViolatedConstraint(string state, bool expected) =>
        Assert.Equal(expected, new PlainStore().IsDuplicate(new PostgresException("failed", "ERROR", "ERROR", state)));

    [Fact]
    public void IsDuplicateRecord_NoFailureOfADatabase_IsFalse() =>
        Assert.False(new PlainStore().IsDuplicate(new IOException("23505")));

    [Fact]
    public void QuoteText_SpecialCharacters_AreEscaped() =>
        Assert.Equal("""
            "a\\b\"c;d=e"
            """, PlainStore.Quote("""a\b"c;d=e"""));

    private sealed class PlainStore : DurableStore
    {
        public static string Quote(string text) => QuoteText(text);

        public bool IsDuplicate(Exception reason) => IsDuplicateRecord(reason);

        public override string ToString() => "the plain store";

        public override void PrepareStore()
        {
        }

        public override long MeasureSize() => 0;

        protected override string CreateJournalSettings() => "";

        protected override string CreateSnapshotSettings() => "";
    }
}
