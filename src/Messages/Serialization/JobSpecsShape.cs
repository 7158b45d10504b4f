using Actors.Messages.Jobs;

namespace Actors.Messages.Serialization;

/// <summary>What <see cref="JobSpecsFormatter"/> writes: it says which number of a function is followed by the function.</summary>
internal sealed class JobSpecsShape(PackedShape function, PackedShape stored, PackedShape arguments) : PackedShape
{
    private const int BeforeFunction = sizeof(long);
    private const int AfterFunction = sizeof(long) + sizeof(int);

    public override int Smallest => sizeof(int);

    public override void Check(ref PackedCursor cursor)
    {
        var count = cursor.ReadCount(BeforeFunction + sizeof(int) + AfterFunction + arguments.Smallest);
        if (count == PackedCursor.NullCollection)
            throw cursor.Malformed("A collection is missing.");
        var functions = 0;
        for (var i = 0; i < count; i++)
            CheckJob(ref cursor, ref functions);
    }

    private void CheckJob(ref PackedCursor cursor, ref int functions)
    {
        cursor.Skip(BeforeFunction);
        var number = cursor.ReadInt32();
        var isStored = number < 0;
        number = isStored ? ~number : number;
        cursor.Skip(AfterFunction);
        if (number > functions)
            throw cursor.Malformed($"A job calls function {number}, and {functions} were written.");
        if (number == functions)
        {
            function.Check(ref cursor);
            functions++;
        }

        if (isStored)
            stored.Check(ref cursor);
        arguments.Check(ref cursor);
    }
}
