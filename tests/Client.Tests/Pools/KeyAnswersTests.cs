using Actors.Messages;
using Actors.Messages.Functions;
using Actors.Messages.Jobs;
using Actors.Pools;

namespace Actors.Client.Tests.Pools;

public sealed class KeyAnswersTests
{
    private readonly KeyAnswers _answers = new();

    [Fact]
    public void HasKeys_AnyJobHasAKey_IsTrue()
    {
        var (plain, keyed) = (CreateJob(1), CreateJob(2, "x"));

        _answers.OnJobAdded(plain.Policy);
        Assert.False(_answers.IsUsed);
        _answers.OnJobAdded(keyed.Policy);
        _answers.OnJobAdded(plain.Policy);

        Assert.True(_answers.IsUsed);
        Assert.Equal((false, true), (_answers.HasKeys([plain]), _answers.HasKeys([plain, keyed])));
    }

    [Fact]
    public void TryRecordAnswer_RepeatedAnswer_IsRecordedOnce()
    {
        var keyed = new Submission(1, [CreateJob(1, "x")], HasKeys: true);

        Assert.True(_answers.IsAwaited(keyed));
        Assert.Equal((true, false), (_answers.TryRecordAnswer(keyed), _answers.TryRecordAnswer(keyed)));
        Assert.False(_answers.IsAwaited(keyed));
    }

    [Fact]
    public void TryRecordAnswer_SubmissionWithoutKeys_ExpectsNone()
    {
        var plain = new Submission(1, [CreateJob(1)], HasKeys: false);

        Assert.Equal((false, false), (_answers.IsAwaited(plain), _answers.TryRecordAnswer(plain)));
    }

    [Theory]
    [InlineData(new long[0], 3L)]
    [InlineData(new long[] { 3 }, 2L)]
    [InlineData(new long[] { 1, 3 }, 2L)]
    [InlineData(new long[] { 1, 2, 3 }, 0L)]
    public void ForgetSubmission_Duplicates_ReturnsTheLastNewJob(long[] duplicates, long expected)
    {
        var submission = new Submission(1, [CreateJob(1, "x"), CreateJob(2), CreateJob(3, "z")], HasKeys: true);
        _answers.TryRecordAnswer(submission);
        foreach (var job in duplicates)
            _answers.AddDuplicate(new JobId(job));

        Assert.Equal(expected, _answers.ForgetSubmission(submission).Value);

        // Nothing remains of it, so its number may be used again after a reconnect.
        Assert.True(_answers.IsAwaited(submission));
        Assert.Equal(3, _answers.ForgetSubmission(submission).Value);
    }

    [Fact]
    public void ClearAnswers_NumbersStartAgain_AwaitsThemAgain()
    {
        var keyed = new Submission(1, [CreateJob(1, "x")], HasKeys: true);
        _answers.TryRecordAnswer(keyed);

        _answers.ClearAnswers();

        Assert.True(_answers.IsAwaited(keyed));
    }

    private static JobSpec CreateJob(long id, string? key = null) =>
        new(new JobId(id), new FunctionRef("F", default), default, new JobPolicy(0, 3, Key: key));
}
