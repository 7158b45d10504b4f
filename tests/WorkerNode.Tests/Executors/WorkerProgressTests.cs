using Actors.Messages;
using Actors.Messages.Jobs;
using Actors.WorkerNode.Executors;

namespace Actors.WorkerNode.Tests.Executors;

/// <summary><see cref="WorkerProgress"/>: a worker that reports without end.</summary>
public sealed class WorkerProgressTests
{
    private readonly List<(JobId Job, ProgressValue Value)> _sent = [];

    [Fact]
    public void AddValue_ManyValues_SendsTheFirstAndTheLast()
    {
        using var progress = Start();
        for (var value = 1; value <= 100_000; value++)
            progress.AddValue(new JobId(1), Value(0, value));
        progress.SendLast();

        lock (_sent)
        {
            Assert.Equal(1, Number(_sent[0].Value));
            Assert.Equal(100_000, Number(_sent[^1].Value));
            // Ten a second, on a machine that needs at most a minute for the loop.
            Assert.InRange(_sent.Count, 2, 600);
        }
    }

    [Fact]
    public void AddValue_OfManyNumbersOrJobs_IsRefused()
    {
        using var progress = Start();
        Assert.Throws<InvalidDataException>(() =>
        {
            for (var number = 0; number < 100_000; number++)
                progress.AddValue(new JobId(number % 7), Value(number, 1));
        });
    }

    private WorkerProgress Start() => new(TimeProvider.System, (job, value) =>
    {
        lock (_sent)
            _sent.Add((job, value));
    });

    private static ProgressValue Value(int number, int value) => new(number, BitConverter.GetBytes(value));

    private static int Number(ProgressValue value) => BitConverter.ToInt32(value.Value.Span);
}
